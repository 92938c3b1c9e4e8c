import type { Connected } from '../../github/connected.js';
import type { JudgedPlace } from './judged-place.js';

/** Where a change is made, and where its rules are. They are one repository, unless environments live in another one. */
export interface Venue {
  /** The repository of the change: who reviewed, pushed and merged is asked of it, and of no other one. */
  here: Connected;
  /** The repository of the policy: its runs and its default branch count, whatever the other one has of the same name. */
  home: Connected;
  /** The default branch of that. */
  branch: string;
  /** What judges the change, where it is not one of that branch. */
  judged: JudgedPlace | undefined;
}
