import { entryVersion } from '../../ledger/entry-version.js';
import type { LedgerEntry } from '../../ledger/ledger.js';
import { type Hold, holdReason } from '../../policy/holds.js';
import type { Goal } from '../../restore/goal.js';
import { messageOf as rollbackMessage } from '../../restore/rollback-message.js';
import type { CommitMessage } from '../../tree/change.js';

/** An app that goes back to what its hold says. */
export interface Subject {
  hold: Hold;
  goal: Goal;
  /** What violates the hold. */
  entry: LedgerEntry;
}

/** `Take my-app back to 1.4.0 in staging: a hold came first`. */
export function titleOf({ hold: { environment, app }, goal }: Subject): string {
  return `Take ${app} back to ${goal.version} in ${environment}: a hold came first`;
}

/** The message of the commit: its trailers are those of a rollback, which it is. */
export function messageOf(subject: Subject, now: Date, runUrl: string): CommitMessage {
  const { hold, goal, entry } = subject;
  const restore = { environment: hold.environment, goals: [goal], hold: undefined, now };
  const { body } = rollbackMessage(restore, { by: '', reason: 'a hold came first', runUrl });
  const number = entry.pullRequest === undefined ? '' : ` (#${entry.pullRequest.number})`;
  const cause = `${entryVersion(entry)}${number} was merged by a run that had not seen the hold.`;
  return { headline: titleOf(subject), body: `${cause}\n\n${body}` };
}

/** What stays although it violates a hold: a person merged it, or nothing tells what to go back to. */
export function stayingSentence(hold: Hold, entry: LedgerEntry, why = ''): string {
  const { app, environment, version } = hold;
  const { pullRequest, oid, author } = entry;
  const source = pullRequest === undefined ? oid.slice(0, 7) : `#${pullRequest.number}`;
  const reason = why === '' ? '' : ` ${why}`;
  return `${environment} runs ${app} ${entryVersion(entry)} (${source} by ${author}), although it is ${holdReason(hold)}.${reason} Run rollback to ${version} to take it back, or lift-hold where it is to stay.`;
}
