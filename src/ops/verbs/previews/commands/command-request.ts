import { type Connected, nameOf } from '../../../../github/connected.js';
import { previewName } from '../../../preview-records/name.js';
import { readRecords } from '../../../preview-records/read-records.js';
import type { PreviewCommand } from '../plan/command.js';
import { sameRepositoryName } from '../plan/open-pull-requests.js';
import type { ReconcileRequest, RequestedPreview } from '../plan/request.js';
import type { AppsRepository } from '../run/apps-repository.js';
import type { OpsSnapshot } from '../run/commit.js';
import { requestedSubject } from '../run/requested-subject.js';
import type { GivenCommand } from './judge-command.js';
import { lastRecord } from './last-record.js';
import type { ParsedCommand } from './parse-command.js';

/** A command that may be obeyed, and what is known of both repositories. */
export interface CommandContext {
  apps: Connected;
  ops: Connected;
  current: AppsRepository;
  snapshot: OpsSnapshot;
  /** `undefined` for the default one. */
  workspace: string | undefined;
  given: GivenCommand;
  parsed: Extract<ParsedCommand, { kind: 'command' }>;
  /** The label that gives the commit of a pull request from a fork its preview. */
  forkLabel: string;
}

/**
 * What a command requests of the plan. One that is to be deployed again after it has gone is requested as it was last: from the history
 * of the branch of previews, which only who may write previews writes.
 *
 * @throws Error for people where a pull request from a fork may not have a preview, or something cannot be read
 */
export async function commandRequest(
  context: CommandContext,
): Promise<Pick<ReconcileRequest, 'command' | 'requested'>> {
  const { apps, snapshot, workspace, given, parsed } = context;
  const { pullRequest, at, by } = given;
  const name = previewName(workspace, { pullRequest });
  const command: PreviewCommand = {
    ...{ name, repository: nameOf(apps), at, by },
    ...{ verb: parsed.verb, forMs: parsed.forMs },
  };
  const isGone = command.verb === 'redeploy' && !(await isThere(snapshot, name));
  return { command, requested: isGone ? await asItWas(context, name) : undefined };
}

async function isThere({ tree }: OpsSnapshot, name: string): Promise<boolean> {
  const { records, broken } = await readRecords(tree);
  return [...records, ...broken].some((each) => each.name === name);
}

async function asItWas(
  { apps, ops, current, snapshot, workspace, given, forkLabel }: CommandContext,
  name: string,
): Promise<RequestedPreview | undefined> {
  const repository = nameOf(apps);
  const record = await lastRecord(ops, snapshot.previews.branch, name);
  const isOpen = current.pullRequests.some(({ number }) => number === given.pullRequest);
  if (record === undefined || !isOpen || !sameRepositoryName(record.repository, repository)) {
    return undefined;
  }
  const subject = { pullRequest: given.pullRequest, head: record.head };
  const { forks } = snapshot.previews;
  const asked = await requestedSubject(subject, { apps, current, forks, forkLabel });
  return { ...asked, workspace, repository, apps: record.apps };
}
