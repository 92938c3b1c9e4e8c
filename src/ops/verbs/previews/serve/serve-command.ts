import type { Connected } from '../../../../github/connected.js';
import { askProblem } from '../ask/ask-problem.js';
import type { PreviewRequest } from '../ask/request-record.js';
import { planCommandRun } from '../commands/command-run.js';
import { readCommand } from '../commands/read-command.js';
import type { ReconcileRequest } from '../plan/request.js';
import type { OpsSnapshot } from '../run/commit.js';
import type { OwnPreview, PreviewRun } from '../run/preview-run.js';
import { refusal } from './read-request.js';
import type { Serving } from './serving.js';

/** What a command comes to: what it requests, and the preview that it is about. */
export interface ServedCommand {
  requested: Omit<ReconcileRequest, 'now'>;
  own: OwnPreview | undefined;
  message: PreviewRun['message'];
}

/**
 * Reads a command of a person from GitHub, with whether they may write to the apps repository, and says what it comes to. It says for
 * itself when it was given, and what happened to the preview after that counts more: to send it again changes nothing.
 *
 * @returns `undefined` where the request names no command
 * @throws Error for people where there is no such command, or it is not to be obeyed
 */
export async function serveCommand(
  { ops, forkLabel, context, dryRun }: Serving,
  apps: Connected,
  { comment, label, pull_request: pullRequest }: PreviewRequest,
  snapshot: OpsSnapshot,
): Promise<ServedCommand | undefined> {
  if (pullRequest === undefined || (comment === undefined && label === undefined)) {
    return undefined;
  }
  const source = comment === undefined ? label && { label, pullRequest } : { comment };
  const judged = source && (await readCommand(apps, source));
  if (judged === undefined || judged.kind === 'none') {
    throw refusal(judged?.reason ?? 'There is no command.');
  }
  const { given } = judged;
  const problem =
    given.problem ??
    (given.parsed.kind === 'unclear' ? given.parsed.problem : undefined) ??
    (given.pullRequest === pullRequest
      ? undefined
      : `The command is on #${given.pullRequest}, and was named for #${pullRequest}.`);
  if (problem !== undefined || given.parsed.kind === 'unclear') {
    throw refusal(problem ?? 'The command is not clear.');
  }
  const { serverUrl, runUrl } = context;
  const base = { dryRun, serverUrl, runUrl, wait: undefined };
  const run = await planCommandRun({ apps, ops: () => ops, given, parsed: given.parsed, forkLabel, base });
  const requested = await run.request(snapshot);
  const against = await askProblem(snapshot, run.own?.repository ?? '', requested.requested);
  if (against !== undefined) {
    throw refusal(against);
  }
  return { requested, own: run.own, message: run.message };
}
