import type { Connected } from '../../../../github/connected.js';
import { nameOf } from '../../../../github/connected.js';
import { previewName } from '../../../preview-records/name.js';
import { readRecords } from '../../../preview-records/read-records.js';
import { lastRecord, recordFor } from '../branch/last-record.js';
import type { PreviewCommand } from '../plan/command.js';
import { sameRepositoryName } from '../plan/open-pull-requests.js';
import type { RequestedPreview } from '../plan/request.js';
import { type AppsRepository, openPullRequestsIn, readAppsRepository } from '../run/apps-repository.js';
import type { OpsSnapshot } from '../run/commit.js';
import { commitMessage } from '../run/commit-message.js';
import { forkProblem } from '../run/forks.js';
import type { PreviewRun } from '../run/preview-run.js';
import type { GivenCommand } from './judge-command.js';
import type { ParsedCommand } from './parse-command.js';

export interface CommandRunOptions {
  apps: Connected;
  /** Gives the connection to the ops repository that the apps repository names. */
  ops: (repository: AppsRepository['ops']) => Connected;
  given: GivenCommand;
  parsed: Extract<ParsedCommand, { kind: 'command' }>;
  /** The label that gives the commit of a pull request from a fork its preview. */
  forkLabel: string;
  base: Pick<PreviewRun, 'dryRun' | 'serverUrl' | 'runUrl' | 'wait'>;
}

/**
 * Plans a run that obeys a command: the same run as that of a push, which brings all previews up to date. It never looks at code of the
 * pull request, and the commit that runs is the one that ran before.
 *
 * @throws Error for people when the apps repository cannot be read
 */
export async function planCommandRun(options: CommandRunOptions): Promise<PreviewRun> {
  const { apps, given, parsed, forkLabel, base } = options;
  let first: AppsRepository | undefined = await readAppsRepository(apps);
  const { workspace, pullRequests } = first;
  const ops = options.ops(first.ops);
  const { pullRequest } = given;
  const repository = nameOf(apps);
  const name = previewName(workspace, { pullRequest });
  const { headOid: head = '', fromFork: fork = false } =
    pullRequests.find(({ number }) => number === pullRequest) ?? {};
  const { verb, forMs } = parsed;
  const command: PreviewCommand = { name, repository, verb, forMs, at: given.at, by: given.by, fork };
  const own = { name, repository, pullRequest, head };
  return {
    ...base,
    ops,
    apps: (each) => (sameRepositoryName(each, repository) ? apps : undefined),
    async request(snapshot) {
      const current = first ?? (await readAppsRepository(apps));
      first = undefined;
      const gone = verb === 'redeploy' && !(await isThere(snapshot, name));
      const { requested, problem } = gone
        ? await asItWas({ apps, ops, current, snapshot, pullRequest, name, forkLabel, at: given.at })
        : {};
      return { pullRequests: [openPullRequestsIn(apps, current)], command: { ...command, problem }, requested };
    },
    message: ({ decisions }) =>
      commitMessage({ action: 'preview-command', own, runUrl: base.runUrl, askedAt: given.at }, decisions),
    own,
  };
}

async function isThere({ tree }: OpsSnapshot, name: string): Promise<boolean> {
  const { records, broken } = await readRecords(tree);
  return [...records, ...broken].some((each) => each.name === name);
}

interface Gone {
  apps: Connected;
  ops: Connected;
  current: AppsRepository;
  snapshot: OpsSnapshot;
  pullRequest: number;
  name: string;
  forkLabel: string;
  /** When the command was given. */
  at: Date;
}

/** The request of a preview that has gone, as it was last, or why it may not be opened: the label of a fork has gone. */
async function asItWas({ apps, ops, ...gone }: Gone): Promise<{ requested?: RequestedPreview; problem?: string }> {
  const { current, snapshot, pullRequest, name, forkLabel, at } = gone;
  const repository = nameOf(apps);
  const last = await lastRecord(ops, snapshot.previews.branch, name);
  const record = last && recordFor(at, last);
  const open = current.pullRequests.find(({ number }) => number === pullRequest);
  if (record === undefined || open === undefined || !sameRepositoryName(record.repository, repository)) {
    return {};
  }
  const { head } = record;
  const pull = { number: pullRequest, head };
  const problem = open.fromFork ? await forkProblem(apps, pull, snapshot.previews.forks, forkLabel) : undefined;
  if (problem !== undefined) {
    return { problem };
  }
  const { title, author, fromFork: fork } = open;
  const subject = { pullRequest, title, author, fork };
  return { requested: { workspace: current.workspace, repository, subject, head, apps: record.apps } };
}
