import { entryVersion } from '../../ledger/entry-version.js';
import type { LedgerEntry } from '../../ledger/ledger.js';
import { type Hold, holdReason, liftedBy } from '../../policy/holds.js';
import type { Goal } from '../../restore/goal.js';
import { messageOf as rollbackMessage } from '../../restore/rollback-message.js';
import type { AppEnvironment } from '../../tree/app-environment.js';
import type { CommitMessage } from '../../tree/change.js';

/** An app that goes back to what its hold says. */
export interface Subject {
  environment: string;
  hold: Hold;
  goal: Goal;
  /** What violates the hold. */
  entry: LedgerEntry;
}

/** `Take my-app back to 1.4.0 in staging: a hold came first`. */
export function titleOf({ environment, goal }: Subject): string {
  return `Take ${goal.app} back to ${goal.version} in ${environment}: a hold came first`;
}

/** The message of the commit: its trailers are those of a rollback, which it is. */
export function messageOf(subject: Subject, now: Date, runUrl: string): CommitMessage {
  const { environment, goal, entry } = subject;
  const restore = { environment, goals: [goal], hold: undefined, now };
  const { body } = rollbackMessage(restore, { by: '', reason: 'a hold came first', runUrl });
  const number = entry.pullRequest === undefined ? '' : ` (#${entry.pullRequest.number})`;
  const cause = `${entryVersion(entry)}${number} was merged by a run that had not seen the hold.`;
  return { headline: titleOf(subject), body: `${cause}\n\n${body}` };
}

/** What stays although it violates a hold: a person merged it, or nothing tells what to go back to. */
export function stayingSentence(
  { environment, app, hold }: AppEnvironment & { hold: Hold },
  entry: LedgerEntry,
  why = '',
): string {
  const { pullRequest, oid, author } = entry;
  const source = pullRequest === undefined ? oid.slice(0, 7) : `#${pullRequest.number}`;
  const reason = why === '' ? '' : ` ${why}`;
  return `${environment} runs ${app} ${entryVersion(entry)} (${source} by ${author}), although it is ${holdReason(hold)}.${reason} Run rollback${hold.version === undefined ? '' : ` to ${hold.version}`} to take it back, or ${liftedBy(hold)} where it is to stay.`;
}
