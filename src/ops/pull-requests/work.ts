import type { Label } from '../repository/labels.js';
import type { BranchCommit, PullRequest } from '../repository/pull-request.js';
import type { Change, CommitMessage } from '../tree/change.js';
import type { Step } from './next-step.js';

/** One branch with its pull request, the step that was decided for it, and its texts. */
export interface Work {
  branch: string;
  step: Step;
  /** Where the branch is, `undefined` where there is none. */
  branchOid: string | undefined;
  open: PullRequest | undefined;
  /** What is committed on the base. */
  change: Change | undefined;
  /** What is committed on top of the branch; `undefined` where it holds everything. */
  onTop: Change | undefined;
  message: CommitMessage;
  title: string;
  /** The pull request's whole text. */
  body: string;
  /** Whether the open pull request's text is to stay: it is up to date, or about something newer. */
  textStays: boolean;
  /** Whether nothing of its text is written anew but the note that says why it is not merged yet. */
  isNoteOnly: boolean;
  labels: readonly Label[];
  /** Whether it is merged, or GitHub is to merge it, now. */
  merges: boolean;
  /** Whether it is to be merged later, by whoever merges what is due. */
  whenAllowed: boolean;
  /** Whether GitHub must no longer merge it by itself: the policy does not allow it now, and nothing else holds it back. */
  stopsMerging: boolean;
  /** Why it is not merged although it is to be, and what else is to be said of that; empty where there is nothing. */
  mergeReason: string;
  isOurs(commit: BranchCommit): boolean;
}

/**
 * The scratch branch of a branch of ours: a new commit is built there before the branch moves to it, once:
 * `ostack-scratch/staging/my-app` of `ostack/staging/my-app`.
 */
export function scratchOf(branch: string): string {
  return branch.replace('/', '-scratch/');
}

/** A pull request as mutations and people name it. */
export interface PullRequestName {
  id: string;
  number: number;
  url: string;
}

/** A work that is done, as far as it can be. */
export interface Settled {
  state: 'settled';
  action: 'created' | 'updated' | 'unchanged' | 'merged' | 'closed';
  reason: string;
  pullRequest: Pick<PullRequestName, 'number' | 'url'> | undefined;
  /** Whether the open pull request merges by itself, once its checks and the policy allow. */
  mergesByItself?: boolean;
  /** Whether it was merged although the holds had changed since it was decided, or nobody can tell. */
  holdsChanged?: boolean;
  /** Head of the open pull request, where this run made it and nothing but commits of ours is on it. */
  head?: string;
}

/** Where one work stands after one round. */
export type WorkOutcome =
  | Settled
  | { state: 'failed'; error: Error }
  /** Read and decide again. `settled`: what it came to, if nothing more is found. */
  | { state: 'again'; reason: string; settled?: Settled };

/** What `writeWorks` came to for a work; where nothing is known, it is looked at again. */
export function writtenOf(outcomes: ReadonlyMap<Work, WorkOutcome>, work: Work): WorkOutcome {
  return outcomes.get(work) ?? { state: 'again', reason: 'nothing is known of it' };
}

/** Why a work was not done, for a person; `undefined` where it was. */
export function failureReason(done: WorkOutcome): string | undefined {
  return done.state === 'settled' ? undefined : done.state === 'failed' ? done.error.message : done.reason;
}
