import { connect } from '../../github/client.js';
import type { Connected } from '../../github/connected.js';
import { parseRepository, type RunContext } from '../../github/context.js';
import type { RunEvent } from '../../github/event.js';
import { previewName } from '../../ops/preview-records/name.js';
import {
  type AppsRepository,
  openPullRequestsIn,
  readAppsRepository,
} from '../../ops/verbs/previews/run/apps-repository.js';
import { askFor } from '../../ops/verbs/previews/run/ask-for.js';
import { commitMessage } from '../../ops/verbs/previews/run/commit-message.js';
import { eventPullRequest, runSubject } from '../../ops/verbs/previews/run/event.js';
import { listOrWarn, repositoriesOf } from '../../ops/verbs/previews/run/list-repositories.js';
import type { PreviewRun } from '../../ops/verbs/previews/run/preview-run.js';
import type { Inputs } from './inputs.js';

type Base = Pick<PreviewRun, 'dryRun' | 'serverUrl' | 'runUrl' | 'wait'>;

/**
 * Plans a run by its input `mode`: which preview it removes, or which previews it looks through.
 *
 * @throws Error where inputs and event do not say which preview it is about, or the apps repository cannot be read
 */
export async function planRun(inputs: Inputs, context: RunContext, event: RunEvent): Promise<PreviewRun> {
  const { serverUrl, runUrl } = context;
  const base = { dryRun: inputs.dryRun, serverUrl, runUrl, wait: inputs.wait };
  switch (inputs.mode) {
    case 'sweep':
      return planSweep(inputs, context, base);
    case 'repository':
      return planRepository(inputs, context, base);
    default:
      return planOne(inputs, context, event, base);
  }
}

/** The apps repository that the run is in. */
function ownApps({ githubToken }: Inputs, { repository }: RunContext): Connected {
  if (githubToken === undefined) {
    throw new Error('Input "github-token" is missing. Pass `github.token`, which lists the open pull requests.');
  }
  return {
    github: connect({ token: githubToken }),
    repository: parseRepository(repository, 'GITHUB_REPOSITORY'),
  };
}

/**
 * Mode `repository`, for runs that do not know which pull request has changed, such as those that follow the run of a fork:
 * all previews of the repository are brought up to date.
 */
async function planRepository(inputs: Inputs, context: RunContext, base: Base): Promise<PreviewRun> {
  const apps = ownApps(inputs, context);
  let first: AppsRepository | undefined = await readAppsRepository(apps);
  const { ops } = first;
  return {
    ...base,
    ask: askFor(context, undefined, inputs.ask),
    ops: { github: connect({ token: inputs.token }), repository: inputs.opsRepository ?? ops },
    apps: (each) => (each.toLowerCase() === context.repository.toLowerCase() ? apps : undefined),
    async request() {
      const current = first ?? (await readAppsRepository(apps));
      first = undefined;
      return { pullRequests: [openPullRequestsIn(apps, current)] };
    },
    message: ({ decisions }) =>
      commitMessage({ action: 'cleanup-preview-env', own: undefined, runUrl: base.runUrl }, decisions),
    own: undefined,
  };
}

/** Modes `pull-request` and `run`: one preview is removed. */
async function planOne(inputs: Inputs, context: RunContext, event: RunEvent, base: Base): Promise<PreviewRun> {
  const { repository } = context;
  const pull = eventPullRequest(event);
  const number = inputs.number ?? pull?.number;
  if (inputs.mode === 'pull-request' && number === undefined) {
    throw new Error(
      `This run is of the event "${event.name}", which is about no pull request. Give "number", ` +
        'or "mode: run" for the environment of this run, or "mode: sweep" to look through all previews.',
    );
  }
  const apps = ownApps(inputs, context);
  const runId = runSubject(context.runId, process.env.GITHUB_RUN_ATTEMPT);
  const subject = inputs.mode === 'run' || number === undefined ? { run: runId } : { pullRequest: number };
  let first: AppsRepository | undefined = await readAppsRepository(apps);
  const { workspace, ops } = first;
  const own = {
    name: previewName(workspace, subject),
    repository,
    pullRequest: 'pullRequest' in subject ? number : undefined,
    head: pull?.head ?? context.sha,
  };
  return {
    ...base,
    ask: askFor(context, own.pullRequest, inputs.ask),
    ops: { github: connect({ token: inputs.token }), repository: inputs.opsRepository ?? ops },
    apps: (each) => (each.toLowerCase() === repository.toLowerCase() ? apps : undefined),
    async request() {
      const current = first ?? (await readAppsRepository(apps));
      first = undefined;
      // A pull request's preview is removed only if the list shows it as closed: it may have been opened again.
      return { pullRequests: [openPullRequestsIn(apps, current)], remove: 'run' in subject ? [own] : [] };
    },
    message: ({ decisions }) => commitMessage({ action: 'cleanup-preview-env', own, runUrl: base.runUrl }, decisions),
    own,
  };
}

/** Mode `sweep`: all previews of an ops repository are looked through, whichever apps repository they belong to. */
function planSweep(inputs: Inputs, context: RunContext, base: Base): PreviewRun {
  const ops = inputs.opsRepository ?? parseRepository(context.repository, 'GITHUB_REPOSITORY');
  const token = inputs.githubToken ?? inputs.token;
  const github = connect({ token });
  const listed = new Set<string>();
  return {
    ...base,
    ops: { github: connect({ token: inputs.token }), repository: ops },
    apps: (each) =>
      listed.has(each.toLowerCase()) ? { github, repository: parseRepository(each, 'A record') } : undefined,
    request: async (snapshot) => {
      const repositories = await repositoriesOf(snapshot);
      const lists = await Promise.all(repositories.map((repository) => listOrWarn({ github, repository })));
      const pullRequests = lists.flatMap((list) => list ?? []);
      for (const { repository } of pullRequests) {
        listed.add(repository.toLowerCase());
      }
      return { pullRequests };
    },
    message: ({ decisions }) =>
      commitMessage({ action: 'cleanup-preview-env', own: undefined, runUrl: base.runUrl }, decisions),
    own: undefined,
  };
}
