import { connect } from '../../github/client.js';
import type { Connected } from '../../github/connected.js';
import { parseRepository, type RunContext } from '../../github/context.js';
import type { RunEvent } from '../../github/event.js';
import { previewName } from '../../ops/preview-records/name.js';
import { appInOps } from '../../ops/repository/workspaces.js';
import {
  type AppsRepository,
  openPullRequestsIn,
  readAppsRepository,
} from '../../ops/verbs/previews/run/apps-repository.js';
import { askFor } from '../../ops/verbs/previews/run/ask-for.js';
import { changedApps } from '../../ops/verbs/previews/run/changed-apps.js';
import { commitMessage } from '../../ops/verbs/previews/run/commit-message.js';
import { eventPullRequest, runSubject } from '../../ops/verbs/previews/run/event.js';
import type { PreviewRun } from '../../ops/verbs/previews/run/preview-run.js';
import { requestedSubject, type Subject } from '../../ops/verbs/previews/run/requested-subject.js';
import type { Inputs } from './inputs.js';

/**
 * Plans a run: which preview it is about, and what it requests each time the ops repository is read.
 *
 * @throws Error where inputs and event do not say what the preview is for, or the apps repository cannot be read
 */
export async function planRun(inputs: Inputs, context: RunContext, event: RunEvent): Promise<PreviewRun> {
  const { repository, serverUrl, runUrl } = context;
  const apps: Connected = {
    github: connect({ token: inputs.githubToken }),
    repository: parseRepository(repository, 'GITHUB_REPOSITORY'),
  };
  const subject = subjectOf(inputs, context, event);
  let first: AppsRepository | undefined = await readAppsRepository(apps);
  const { workspace, ops } = first;
  const own = {
    name: previewName(workspace, subject),
    repository,
    pullRequest: 'pullRequest' in subject ? subject.pullRequest : undefined,
    head: subject.head,
  };
  return {
    ops: { github: connect({ token: inputs.token }), repository: inputs.opsRepository ?? ops },
    apps: (name) => (name.toLowerCase() === repository.toLowerCase() ? apps : undefined),
    async request(snapshot) {
      const current = first ?? (await readAppsRepository(apps));
      first = undefined;
      const changed = changedApps(inputs.images, inputs.affected, (app) => appInOps(app, workspace, snapshot.sharing));
      const pullRequests = [openPullRequestsIn(apps, current)];
      if (changed.length === 0) {
        // A pull request that no longer changes an app needs no preview.
        return { pullRequests, remove: [own] };
      }
      const { forks } = snapshot.previews;
      const requested = await requestedSubject(subject, { apps, current, forks, forkLabel: inputs.forkLabel });
      return { pullRequests, requested: { ...requested, workspace, repository, apps: changed } };
    },
    message: ({ decisions }) => commitMessage({ action: 'create-preview-env', own, runUrl }, decisions),
    ask: askFor(context, own.pullRequest, inputs.ask),
    dryRun: inputs.dryRun,
    ...{ serverUrl, runUrl, own },
    wait: inputs.wait,
  };
}

function subjectOf(inputs: Inputs, context: RunContext, event: RunEvent): Subject {
  const pull = eventPullRequest(event);
  if (inputs.subject === 'run') {
    const run = runSubject(context.runId, process.env.GITHUB_RUN_ATTEMPT);
    return { run, head: inputs.head ?? pull?.head ?? context.sha };
  }
  const number = inputs.number ?? pull?.number;
  const head = inputs.head ?? (number === pull?.number ? pull?.head : undefined);
  if (number === undefined || head === undefined) {
    throw new Error(
      `This run is of the event "${event.name}", which is about no pull request. Give "number" and "head-sha", ` +
        'or "for: run" for an environment of this run.',
    );
  }
  return { pullRequest: number, head };
}
