import type { Change } from '../tree/change.js';

/** A plan that changes files. */
export interface PlannedChange {
  state: 'change';
  change: Change;
  /** The present texts of the files that it writes or deletes, by path. */
  before: ReadonlyMap<string, string>;
  /** Why it is not proved that something runs what is set, sentences; missing for nothing. */
  unproved?: readonly string[];
}

/** The result of a plan at one commit. */
export type Planned =
  | PlannedChange
  /** The commit already has everything. The reason is the rest of a sentence: `1.4.0 is already in staging`. */
  | { state: 'nothing'; reason: string }
  /** The commit has a newer version, which stays: nothing goes backwards by accident. */
  | { state: 'newer'; there: string | null; reason: string }
  /** It is left as it is, and nothing fails because of it: the app is held, or is not there. */
  | { state: 'left'; action: 'held' | 'skipped'; reason: string }
  /** The plan is not allowed or not possible. The message is for people and says what to do. */
  | { state: 'refused'; error: Error };
