import type { JudgedArrival } from './judge-arrival.js';
import type { RevertPlan } from './plan-revert.js';

/** What reached a branch and the policy did not permit. */
export interface Finding extends JudgedArrival {
  /** What takes it back. */
  revert: RevertPlan;
  /** Numbers of its issue and of the pull request that takes it back; `undefined` where there is none. */
  issue: number | undefined;
  pullRequest: number | undefined;
  /** `owner/name` of the repository that it reached, where that is another one than the policy's, and with it the pull request. */
  repository: string | undefined;
  /** Page of the repository that it reached. */
  page: string;
}

/** What the audit came to on one branch. */
export interface AuditedBranch {
  /** For people: `the default branch`. */
  name: string;
  /** The commit with which it begins, on its first run. */
  began: string | undefined;
  /** What it judged, oldest first: heads. */
  judged: string[];
  /** How many arrivals wait for the next run. */
  left: number;
  /** Where nothing tells where it stopped: since when it judges then, and whether it could not look back so far. */
  lost?: { since: Date; isCut: boolean };
  /** Whether it stopped because something has to be taken back, which this run may not. */
  needsRevert: boolean;
}

/** What the audit came to. */
export interface AuditReport {
  /** The default branch first. */
  branches: AuditedBranch[];
  findings: Finding[];
  /** What it does not judge although environments live there, sentences. */
  unjudged: readonly string[];
}
