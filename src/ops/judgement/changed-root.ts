import type { LossApproval } from '../../infra/config/infra-rules.js';

/** What judges losses where the policy names who approves them. No environment has a space in its name. */
export const LOSSES = 'stateful losses';

/** What judges a root itself, beside its environment: `root cluster`. */
export function rootUnit(name: string): string {
  return `root ${name}`;
}

/** A root of an infra repository that a change reaches. */
export interface ChangedRoot {
  name: string;
  /** The environments whose rules it has. */
  environments: readonly string[];
  /** Whether somebody has to approve every change of it. */
  isApproved: boolean;
}

/** What a change does in an infra repository, by the files alone. */
export interface ChangedRoots {
  roots: readonly ChangedRoot[];
  losses: LossApproval;
}

/** What the plan of a root says, as the pull request was told. */
export interface RootPlan {
  /** Why there is none, one line; empty where there is one. */
  problem: string;
  /** Addresses of some of what it loses for good, and how many there are. */
  lost: readonly string[];
  lostCount: number;
  /** Since when it has been planned like this; `undefined` where nobody knows. */
  plannedAt: Date | undefined;
}
