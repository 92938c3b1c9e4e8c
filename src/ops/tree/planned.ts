import type { Change } from './change.js';

/** Files that are to change, with what they hold now. */
export interface PlannedChange {
  state: 'change';
  change: Change;
  /** The changed and deleted files as they are. */
  before: ReadonlyMap<string, string>;
}

/** What a plan comes to at one commit. */
export type Planned =
  | PlannedChange
  /** The commit has it all already. The reason continues a sentence: `1.4.0 is already in staging`. */
  | { state: 'nothing'; reason: string }
  /** The commit has a newer version, which stays: nothing goes backwards by accident. */
  | { state: 'newer'; there: string | null; reason: string }
  /** It is left as it is, and nothing fails because of it: the app is held, or is not there. */
  | { state: 'left'; action: 'held' | 'skipped'; reason: string }
  /** It may not or cannot be done; the message is for a person and says what to do. */
  | { state: 'refused'; error: Error };
