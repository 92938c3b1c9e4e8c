import type { Caller } from './accounts.js';

/** The part of a caller that events show. */
export type Actor = Pick<Caller, 'account' | 'startsWorkflows'>;

/** The ref into which a pull request was merged, and how. */
export interface Merged {
  ref: string;
  by: 'pr_merge' | 'merge_queue_merge';
}

/** A ref that moved. `before` is `undefined` when it was created, `after` when it was deleted. */
export interface RefChange {
  name: string;
  before: string | undefined;
  after: string | undefined;
}
