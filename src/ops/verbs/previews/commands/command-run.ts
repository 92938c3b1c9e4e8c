import { type Connected, nameOf } from '../../../../github/connected.js';
import { previewName } from '../../../preview-records/name.js';
import { sameRepositoryName } from '../plan/open-pull-requests.js';
import { type AppsRepository, openPullRequestsIn, readAppsRepository } from '../run/apps-repository.js';
import { commitMessage } from '../run/commit-message.js';
import type { PreviewRun } from '../run/preview-run.js';
import { type CommandContext, commandRequest } from './command-request.js';
import type { CommandSource } from './command-source.js';

export interface CommandRunOptions extends Pick<CommandContext, 'apps' | 'given' | 'parsed' | 'forkLabel'> {
  /** Gives the connection to the ops repository that the apps repository names. */
  ops: (repository: AppsRepository['ops']) => Connected;
  base: Pick<PreviewRun, 'dryRun' | 'serverUrl' | 'runUrl' | 'wait'>;
  source: CommandSource;
  /** How it asks where ops alone writes previews: the id of its own run, and how long it waits. */
  ask: { run: number; timeoutMs: number; pollMs: number };
}

/**
 * Plans a run that obeys a command: the same run as that of a push, which brings all previews up to date. It never looks at code of the
 * pull request, and the commit that runs is the one that ran before.
 *
 * @throws Error for people when the apps repository cannot be read
 */
export async function planCommandRun(options: CommandRunOptions): Promise<PreviewRun> {
  const { apps, given, base, source } = options;
  let first: AppsRepository | undefined = await readAppsRepository(apps);
  const { workspace, pullRequests } = first;
  const ops = options.ops(first.ops);
  const { pullRequest } = given;
  const repository = nameOf(apps);
  const head = pullRequests.find(({ number }) => number === pullRequest)?.headOid ?? '';
  const own = { name: previewName(workspace, { pullRequest }), repository, pullRequest, head };
  const { run, ...times } = options.ask;
  return {
    ...base,
    ...{ ops, own },
    ask: { ...times, request: { repository, run, pull_request: pullRequest, command: source } },
    apps: (each) => (sameRepositoryName(each, repository) ? apps : undefined),
    async request(snapshot) {
      const current = first ?? (await readAppsRepository(apps));
      first = undefined;
      const wanted = await commandRequest({ ...options, ops, current, snapshot, workspace });
      return { pullRequests: [openPullRequestsIn(apps, current)], ...wanted };
    },
    message: ({ decisions }) => commitMessage({ action: 'preview-command', own, runUrl: base.runUrl }, decisions),
  };
}
