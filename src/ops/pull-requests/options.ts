import type { People } from '../repository/repository-state.js';

/** How a merge is to be made; without one the first that the repository allows. */
export type MergeMethodChoice = 'squash' | 'merge' | 'rebase' | undefined;

/** How long a run waits for merges. */
export interface Patience {
  /** Milliseconds to wait for required checks in all. */
  timeoutMs: number;
  /** Milliseconds between the first requests; grows to ten times as much. */
  pollMs: number;
  /** Milliseconds for each pull request or comment that a run makes; GitHub's pace by default. */
  contentMs?: number;
}

/** How a verb proposes. */
export interface ProposeOptions extends People {
  /**
   * Commit to the default branch instead of opening pull requests. Where rules guard it, pull requests that are labelled urgent
   * merge as soon as the rules allow.
   */
  direct: boolean;
  dryRun: boolean;
  /** Logins of those who started the run; none where no person did. */
  starters?: readonly string[];
  mergeMethod: MergeMethodChoice;
  patience: Patience;
  /** `https://github.com`. */
  serverUrl: string;
}
