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
  /** It may not or cannot be done; the message is for a person and says what to do. */
  | { state: 'refused'; error: Error };
