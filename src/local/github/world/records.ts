import type { Account } from './accounts.js';
import type { Repository } from './repository.js';

/** Records of the local GitHub besides git's objects and refs. Ids are unique over all kinds of records. */
export interface LabelRecord {
  id: number;
  name: string;
  color: string;
  description: string | null;
}

export interface CommentRecord {
  id: number;
  /** Number of the issue or pull request. */
  issue: number;
  author: Account;
  body: string;
  createdAt: Date;
  updatedAt: Date;
  /** `undefined` where nobody has changed its text. */
  editedAt: Date | undefined;
  reactions: ReactionRecord[];
}

export interface ReactionRecord {
  id: number;
  author: Account;
  /** As GraphQL has it, `ROCKET`. */
  content: string;
  createdAt: Date;
}

export interface ReviewRecord {
  id: number;
  author: Account;
  /** A pending one is seen by its author alone. */
  state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED' | 'PENDING';
  body: string;
  commit: string;
  /** When it was begun, while it is pending. */
  submittedAt: Date;
}

export type MergeMethod = 'merge' | 'squash' | 'rebase';

export interface AutoMergeRecord {
  method: MergeMethod;
  enabledBy: Account;
  /** Whether merges by it start workflows: follows the token that enabled it. */
  startsWorkflows: boolean;
  enabledAt: Date;
  title: string | undefined;
  message: string | undefined;
}

export interface LabelEventRecord {
  id: number;
  type: 'LabeledEvent' | 'UnlabeledEvent';
  label: LabelRecord;
  actor: Account;
  createdAt: Date;
}

/** A branch that was created, moved or deleted. */
export interface ActivityRecord {
  id: number;
  ref: string;
  before: string | undefined;
  after: string | undefined;
  type: 'push' | 'force_push' | 'branch_creation' | 'branch_deletion' | 'pr_merge' | 'merge_queue_merge';
  actor: Account;
  at: Date;
}

/** An issue, or the fields that a pull request shares with issues. */
export interface IssueRecord {
  id: number;
  number: number;
  title: string;
  body: string | null;
  author: Account;
  state: 'open' | 'closed';
  labels: LabelRecord[];
  labelEvents: LabelEventRecord[];
  assignees: Account[];
  createdAt: Date;
  updatedAt: Date;
  closedAt: Date | undefined;
  closedBy: Account | undefined;
  locked: boolean;
}

export interface PullRecord extends IssueRecord {
  draft: boolean;
  /** Where the head branch is: the pull request's own repository, or a fork of it. */
  headRepository: Repository;
  /** Branch names without `refs/heads/`. */
  headRef: string;
  baseRef: string;
  /** Last commit of the head; kept when the branch is gone. */
  headOid: string;
  baseOid: string;
  mergedAt: Date | undefined;
  mergedBy: Account | undefined;
  mergeCommit: string | undefined;
  reviews: ReviewRecord[];
  requestedReviewers: Account[];
  requestedTeams: string[];
  autoMerge: AutoMergeRecord | undefined;
  /** How many pushes to its head or base GitHub still works on: it does not merge meanwhile. */
  settling: number;
  /** Its place in the merge queue: who put it there, and the branch of its group. */
  queued: { by: Account; group: string; at: Date } | undefined;
  /** Every time that it was put into the merge queue. */
  queueEvents: { id: number; actor: Account; createdAt: Date }[];
  /** Every review that was dismissed, with what it said before. */
  dismissals: { id: number; review: ReviewRecord; before: ReviewRecord['state']; actor: Account; createdAt: Date }[];
  /** Every time that it got another base. */
  baseChanges: { id: number; from: string; to: string; actor: Account; createdAt: Date }[];
  /** Every time that it was opened again. */
  reopenings: { id: number; actor: Account; createdAt: Date }[];
  /** Every push to its branch that took commits away. */
  forcePushes: { id: number; before: string; after: string; actor: Account; createdAt: Date }[];
  maintainerCanModify: boolean;
}

export interface ReleaseRecord {
  id: number;
  tag: string;
  target: string;
  name: string | null;
  body: string | null;
  draft: boolean;
  prerelease: boolean;
  author: Account;
  createdAt: Date;
  publishedAt: Date | undefined;
  /** `legacy` orders by the commit's date and the version; `false` is never the latest. */
  makeLatest: 'true' | 'false' | 'legacy';
  /** When it was marked as the latest. */
  latestSince: number;
}

export interface StatusRecord {
  id: number;
  sha: string;
  state: 'error' | 'failure' | 'pending' | 'success';
  context: string;
  description: string | null;
  targetUrl: string | null;
  creator: Account;
  createdAt: Date;
}

export interface CheckRunRecord {
  id: number;
  sha: string;
  name: string;
  status: 'queued' | 'in_progress' | 'completed' | 'waiting' | 'requested' | 'pending';
  conclusion: string | null;
  detailsUrl: string | null;
  externalId: string | null;
  startedAt: Date | undefined;
  completedAt: Date | undefined;
  output: { title: string | null; summary: string | null; text: string | null };
  annotations: CheckAnnotation[];
  /** The App that made it; nobody else may change it. */
  appId: number;
  /** The runs of an App on a commit, or of a run of a workflow: of one name, only the newest counts. */
  suite: number;
}

/** What a check run says of lines of a file. */
export interface CheckAnnotation {
  path: string;
  startLine: number;
  endLine: number;
  startColumn: number | null;
  endColumn: number | null;
  level: 'notice' | 'warning' | 'failure';
  title: string | null;
  message: string;
  rawDetails: string | null;
}

export interface DeploymentRecord {
  id: number;
  ref: string;
  sha: string;
  task: string;
  environment: string;
  description: string | null;
  payload: unknown;
  transient: boolean;
  production: boolean;
  creator: Account;
  createdAt: Date;
  updatedAt: Date;
  statuses: DeploymentStatusRecord[];
}

export interface DeploymentStatusRecord {
  id: number;
  state: string;
  description: string;
  environment: string;
  environmentUrl: string;
  logUrl: string;
  creator: Account;
  createdAt: Date;
}

export interface EnvironmentRecord {
  id: number;
  name: string;
  createdAt: Date;
  updatedAt: Date;
  /** Which refs it admits: all, branches with classic protection, or those of its patterns. */
  policy: 'protected' | 'custom' | null;
  patterns: { id: number; name: string; type: 'branch' | 'tag' }[];
  secrets: Map<string, NamedValue>;
  variables: Map<string, NamedValue>;
}

/** A secret or a variable; its name is in capitals. */
export interface NamedValue {
  name: string;
  value: string;
  createdAt: Date;
  updatedAt: Date;
}

/** Whom a ruleset does not bind. */
export interface BypassActor {
  type: 'Integration' | 'OrganizationAdmin' | 'RepositoryRole' | 'Team' | 'User';
  /** Of an App, a team, an account or a role. */
  id: number | null;
  /** `pull_request`: only when it merges a pull request. */
  mode: 'always' | 'pull_request' | 'exempt';
}

/** A check that has to pass, from one App where it names one. */
export interface RequiredCheck {
  context: string;
  appId?: number;
}

/** A ruleset of a repository. */
export interface Ruleset {
  target: 'branch' | 'tag';
  /** Patterns of full refs, `~DEFAULT_BRANCH` or `~ALL`. */
  include: readonly string[];
  exclude?: readonly string[];
  /** Logins of those whom it does not bind, Apps as `name[bot]`: a short form of `actors`. */
  bypass?: readonly string[];
  actors?: readonly BypassActor[];
  /** Only an active one binds anybody. */
  enforcement?: 'active' | 'evaluate' | 'disabled';
  rules: RulesetRules;
}

export interface RulesetRules extends Omit<Protection, 'requiredChecks'> {
  creation?: boolean;
  update?: boolean;
  deletion?: boolean;
  nonFastForward?: boolean;
  /** Changes come by pull requests only. */
  pullRequest?: boolean;
  /** Methods by which pull requests may be merged; all of the repository's by default. */
  mergeMethods?: readonly MergeMethod[];
  /** A push to the head dismisses approvals. */
  dismissStale?: boolean;
  /** Somebody else than who pushed last approves the head. */
  lastPushApproval?: boolean;
  requiredChecks?: readonly (string | RequiredCheck)[];
  /** A ref may be created without the checks. */
  notOnCreation?: boolean;
}

/** A ruleset as it is kept. */
export interface KeptRuleset extends Ruleset {
  id: number;
  name: string;
  createdAt: Date;
  updatedAt: Date;
}

export type Role = 'read' | 'triage' | 'write' | 'maintain' | 'admin';

/** Rules of a protected branch. */
export interface Protection {
  requiredChecks?: string[];
  requiredApprovals?: number;
  /** The head must hold the base's newest commit before it may merge. */
  strict?: boolean;
  /** Pull requests are merged by the merge queue only, by its own method. */
  mergeQueue?: { method: MergeMethod };
}

/** What of a run runs again: all of it, or what failed and what needs that. */
export type Again = 'all' | 'failed';

/** A run of a workflow, as the runner tells of it. */
export interface RunRecord {
  id: number;
  number: number;
  /** 1, and one more each time that it is run again. */
  attempt: number;
  title: string;
  workflow: string;
  /** Path of the workflow. */
  file: string;
  event: string;
  /** Login of who caused the event, and of who asked for this attempt. */
  actor: string;
  triggeringActor: string;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: string | null;
  /** A branch, or a tag for a run of a tag. */
  headBranch: string;
  headSha: string;
  /** Full name. */
  headRepository: string;
  /** Numbers of its pull requests; none of a fork's. */
  pulls: number[];
  /** The reusable workflows that it calls. */
  referenced: { path: string; sha: string; ref?: string }[];
  createdAt: Date;
  startedAt: Date;
  updatedAt: Date;
  /** What went wrong before any job could start. */
  annotations: RunNote[];
  jobs: { name: string; conclusion: string; annotations: RunNote[] /** Markdown. */; summary: string }[];
}

/** What a run stored for others. */
export interface ArtifactRecord {
  id: number;
  name: string;
  runId: number;
  /** SHA-256 in hex. */
  digest: string;
  /** Bytes of all files. */
  size: number;
  /** Paths, and the folder that holds them. */
  files: string[];
  folder: string;
  createdAt: Date;
  /** Nobody guesses the address of its archive. */
  key: string;
}

export interface RunNote {
  level: 'error' | 'warning' | 'notice';
  message: string;
}
