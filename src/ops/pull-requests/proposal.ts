import type { Judged } from '../judgement/own-change.js';
import type { Trailers } from '../ledger/trailers.js';
import type { BranchView } from '../repository/open-repository.js';
import type { PastPullRequest } from '../repository/pull-request.js';
import type { CommitMessage } from '../tree/change.js';
import type { TreeReader } from '../tree/tree-reader.js';
import type { Alongside } from './alongside.js';
import type { Reasons } from './next-step.js';
import type { Planned, PlannedChange } from './planned.js';

/**
 * Something a verb wants to have in the default branch of an ops repository: one branch with one pull request, or one
 * commit.
 */
export interface Proposal {
  /** `promote`, `rollback`… : the name of its block in the pull request's text. */
  verb: string;
  /** What it is about, for messages: `staging/my-app`. Unique in a run. */
  subject: string;
  /** `ostack-rollback/staging/my-app`. */
  branch: string;
  /** Title of the pull request. */
  title: string;
  /**
   * What the pull request is about, without spaces at its ends: versions, digests. An open one about something else, with
   * no commits but ours on it, is built anew and holds nothing of what it was about: a verb that adds to what is open
   * (`snapshot.branch`) proposes all of it.
   */
  key: string;
  /**
   * Pure but for reads. Run at the base and, where the branch has an open pull request, on top of the branch's head.
   *
   * @throws what a failed request throws; anything else that is wrong is `refused`
   */
  plan(tree: TreeReader): Promise<Planned>;
  /** Message of the commit, with trailers (`formatTrailers`) at its end. */
  message(planned: PlannedChange): CommitMessage;
  /**
   * Our part of the pull request's text, Markdown of at most `limit` bytes.
   *
   * @param merges whether it merges by itself; as the proposal says where it is left out
   */
  body(planned: PlannedChange, limit: number, merges?: boolean): string | Promise<string>;
  /** The text around our part, of the text that is there; by default as it is. */
  around?(existing: string): string;
  /** Which commits on the branch are this verb's: others are people's, and kept. */
  isOurs(trailers: Trailers): boolean;
  /**
   * Whether a branch of ours that is behind is built anew. A rollback may be what its branch began with, and what the base
   * has left since: merged as it is, it would bring nothing.
   */
  fresh?: boolean;
  /**
   * Whether commits of ours that proposed something else stay on the branch, below the newest. Where they do not, a branch
   * with no commits but ours is built anew.
   */
  keepsOurCommits?: boolean;
  /** Reasons for people, where those that fit every verb do not say enough. */
  reasons?: Partial<Reasons>;
  /** Whether a pull request that a person closed keeps this from being proposed again. Who starts a verb again knows. */
  staysClosed?(last: PastPullRequest): boolean;
  /** Whether a text with this key is about something newer, so that it stays. */
  isNewer?(key: string): boolean;
  /** What the open pull request brings by now, where its text is about something else; `undefined` where it is right. */
  newerProposal?(branch: BranchView, onTop: Planned | undefined): Promise<Proposal | undefined>;
  labels: readonly string[];
  /** Whether it is to merge by itself, once the policy allows; and what is to be said of that besides. */
  merges: boolean;
  mergeReason: string;
  /** Whether a person asked for the merge in this run. */
  insists?: boolean;
  /** What the policy judges of it; `undefined` for what it has no say in. */
  judged: Judged | undefined;
  /** Sent along with the first write; what fails of them is a warning that begins with `otherwise`. */
  alongside?: readonly Alongside[];
}

/** What became of a proposal. */
export interface ProposalResult<P extends Proposal = Proposal> {
  proposal: P;
  /** The plan at the base as this run found it first. */
  planned: Planned;
  /** Number of the pull request, `null` where there is none. */
  number: number | null;
  /** Page of the pull request, or of the commit where it was made directly; empty where there is neither. */
  url: string;
  /** The commit that holds it, empty where none was made. */
  commit: string;
  /** Head of the open pull request, where this run made it and nothing but commits of ours is on it. */
  head?: string | undefined;
  action: 'created' | 'updated' | 'unchanged' | 'merged' | 'committed' | 'closed' | 'held' | 'skipped';
  /** Why, where the action alone does not say it; empty otherwise. */
  reason: string;
  /** Whether its open pull request merges by itself, once its checks and the policy allow; else a person merges it. */
  mergesByItself: boolean;
  /** Whether it is only what a dry run would do. */
  rehearsed: boolean;
  /** Whether it was merged although the holds had changed since it was decided, or nobody can tell. */
  holdsChanged: boolean;
}

/** Everything a run came to. */
export interface ProposalReport<P extends Proposal = Proposal> {
  results: ProposalResult<P>[];
  /** What went wrong, one for each proposal that failed or was refused; the others are done. */
  failures: Error[];
  warnings: string[];
  /** Subjects that this run merged or tried to merge: where an answer was lost, it may have. */
  mayBeMerged: Set<string>;
  /** In a dry run: what would change, by subject. */
  diffs: Map<string, string>;
  /** In a dry run: what its pull request would say, by subject; none where it is committed directly. */
  texts: Map<string, string>;
}
