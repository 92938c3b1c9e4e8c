import type { Connected } from '../../github/connected.js';
import type { RepositoryReader } from '../../github/repository-reader.js';
import type { Layout } from '../overlays/layout.js';
import type { Hold } from '../policy/holds.js';
import type { Policy } from '../policy/policy.js';
import type { TreeReader } from '../tree/tree-reader.js';
import type { BranchCommit, PullRequest } from './pull-request.js';
import type { RepositoryState } from './repository-state.js';

/** One look at an ops repository: one commit of its default branch with its rules, and the time of the look. */
export interface Snapshot {
  ops: Connected;
  repo: RepositoryState;
  /** Reads of one tick, of all that use it, are one request. */
  reader: RepositoryReader;
  /** The base's commit. Reads of one tick are one request. */
  tree: TreeReader;
  /** Reads whole overlays into `tree`, many of them in few requests. */
  readOverlays(appEnvironments: readonly { environment: string; app: string }[]): Promise<void>;
  policy: Policy;
  holds: readonly Hold[];
  layout: Layout;
  now: Date;
  /** Any other commit; its reads go along with those of `tree`. */
  treeAt(oid: string): TreeReader;
  /** A branch and its pull requests. Asked for once: the engine's own question about a proposal's branch is answered from it. */
  branch(name: string): Promise<BranchView>;
  /** Takes what a person should know and nothing fails of; the same words twice are told once. */
  warn(message: string): void;
}

/** A branch of ours as it stands, with the pull requests from it into the base. */
export interface BranchView {
  head: BranchCommit | undefined;
  open: PullRequest | undefined;
  /** No longer open, newest first. */
  past: PullRequest[];
}
