import type { RepositoryName } from '../../github/context.js';
import type { ReleaseBranch } from '../../ops/evidence/judge-run.js';
import type { OpenPreviews } from '../../ops/judgement/open-previews.js';
import type { Permissions, Role } from './app-roles.js';

/** What the evidence that the policy asks for needs, as it is on GitHub now. */
export interface EvidenceState {
  /** Whether the gate's workflow of the default branch looks for evidence; `undefined` where nobody can tell. */
  isAsked: boolean | undefined;
  sources: readonly EvidenceSourceState[];
}

/** A repository that builds images by the policy. */
export interface EvidenceSourceState {
  /** `owner/name` */
  repository: string;
  /** Its release branches by the policy, those that are there; `undefined` where the token may not read them. */
  branches: readonly ReleaseBranch[] | undefined;
  /** Whether everybody may read its runs, so that the ops App need not be installed there. */
  isPublic: boolean;
}

/** What somebody asked for on the command line. */
export interface Wanted {
  /** The repository with the gate, one of ops or of infra. */
  ops: RepositoryName;
  /** Whether somebody said that it is one of infra; missing where nobody did. */
  isInfra?: boolean;
  /** Apps repositories, whose workflows take the proposer's key. */
  apps: readonly RepositoryName[];
  /** Names in addresses of Apps that are there already. */
  slugs: Readonly<Partial<Record<Role, string>>>;
}

/** All that the gate is made of, as it is on GitHub now. */
export interface GateState {
  repository: OpsState;
  /** Whether it is an infra repository, by its `ostack.yaml`; missing for an ops repository. */
  isInfra?: boolean;
  environment: EnvironmentState | undefined;
  /** Secrets with the name of the ops App's key outside of the environment. */
  strayKeys: readonly StrayKey[];
  /** `undefined` where the plan of the repository's owner has no rulesets. */
  rulesets: readonly Ruleset[] | undefined;
  apps: Readonly<Record<Role, AppState | undefined>>;
  /** Where the key of an App has to be. */
  holders: Readonly<Record<Role, readonly Holder[]>>;
  /** Whether the ops App has made the check on the head of the default branch. */
  checkMade: boolean;
  /** Workflows of the gate that the default branch lacks. */
  missingWorkflows: readonly string[];
  /** Workflows of the gate that no event starts. */
  disabledWorkflows: readonly DisabledWorkflow[];
  /** The branch of previews, and what is there to write it. */
  previews: PreviewsState;
  /** Environments with rules that anybody changes, because the policy of the default branch names no approvers. */
  changedByAnybody: readonly string[];
  /** The branches beside the default branch on which environments live, and which the gate judges, too. Missing for none. */
  guarded?: readonly string[];
  /** Other repositories that environments live in. Missing for none. */
  elsewhere?: ElsewhereState;
  /** Environments of which nobody knows where they live: a sentence each, and whether they have rules. Missing for none. */
  unjudged?: readonly { text: string; hasRules: boolean }[];
  /** The cluster that takes previews without confining them as the policy says; missing for none. */
  openPreviews?: OpenPreviews | undefined;
  /** What the evidence that the policy asks for needs; missing where it asks for none. */
  evidence?: EvidenceState;
  /** What the repository's settings let the token of any workflow do. */
  workflowToken: { writes: boolean; approves: boolean };
}

/** What guards environments in other repositories. */
export interface ElsewhereState {
  /** Whether the gate's workflow of the default branch judges there; `undefined` where nobody can tell. */
  isAsked: boolean | undefined;
  repositories: readonly OtherState[];
}

/** Another repository that environments live in. */
export interface OtherState {
  /** `owner/name` */
  name: string;
  /** Those that live there. */
  environments: readonly string[];
  /** Whether one of them has rules. */
  hasRules: boolean;
  /** What is there; missing where this token is not shown it. */
  found?: {
    repository: OpsState;
    /** The branches on which they live. */
    branches: readonly string[];
    /** `undefined` where the plan of its owner has no rulesets. */
    rulesets: readonly Ruleset[] | undefined;
  };
  /** Why this token is not shown it, a sentence. */
  problem?: string;
}

export interface OpsState {
  owner: string;
  name: string;
  ownerIsOrganisation: boolean;
  defaultBranch: string;
  /** Commit of the default branch; `undefined` for an empty repository. */
  head: string | undefined;
  autoMerge: boolean;
  /** How pull requests may be merged, by the settings of the repository: `merge`, `squash`, `rebase`. */
  mergeMethods: readonly string[];
}

export interface PreviewsState {
  /** Its name by the policy. */
  branch: string;
  /** Whether the policy says anything of previews. */
  isUsed: boolean;
  /** Whether the default branch has the workflow that writes them with the ops App's key. */
  isServed: boolean;
  /** Why no event starts that workflow, in GitHub's word; `undefined` where events do. */
  disabled: string | undefined;
  /** Apps repositories that may ask for them, `owner/name`. */
  sources: readonly string[];
}

export interface EnvironmentState {
  /** `all` is GitHub's own default: every ref. `protected` admits each branch where no classic rule exists. */
  admits: 'all' | 'protected' | 'rules';
  rules: readonly BranchRule[];
  /** What a job waits for before it gets the key. */
  waits: { minutes: number; reviewers: readonly Reviewer[]; preventSelfReview: boolean };
}

export interface Reviewer {
  type: 'User' | 'Team';
  id: number;
}

export interface BranchRule {
  id: number;
  /** A pattern such as `release/*`. */
  name: string;
  type: 'branch' | 'tag';
}

export interface DisabledWorkflow {
  path: string;
  /** GitHub's word for it: `disabled_manually`, `disabled_inactivity`, `disabled_fork`. */
  state: string;
}

export interface StrayKey {
  /** Where the secret is, as its own command spells it. */
  at: 'repository' | 'organisation';
}

/** A place where workflows find an App: its key, and the variables beside it. */
export interface Holder {
  repository: RepositoryName;
  /** `undefined`: secrets and variables of the repository. */
  environment: string | undefined;
  hasKey: boolean;
  clientId: string | undefined;
  slug: string | undefined;
}

export interface AppState {
  /** What a ruleset calls `integration_id`. */
  id: number;
  slug: string;
  clientId: string;
  permissions: Permissions;
  /** On which repositories of the owner, as far as an administrator is told; GitHub tells only the App which ones. */
  installed: 'all' | 'selected' | 'nowhere' | 'unknown';
}

export interface Ruleset {
  id: number;
  name: string;
  /** Where it is set: one of an organisation is not changed here. */
  own: boolean;
  /** Page of its settings. */
  link: string;
  target: string;
  enforcement: string;
  include: readonly string[];
  exclude: readonly string[];
  rules: readonly Rule[];
  /** `undefined` where the token is not shown it, which happens with rulesets of an organisation. */
  bypass: readonly Bypass[] | undefined;
}

/** A rule as GitHub's API has it; what is not understood is handed back as it came. */
export interface Rule {
  type: string;
  parameters?: Readonly<Record<string, unknown>> | undefined;
}

export interface Bypass {
  /** `Integration`, `RepositoryRole`, `Team`, `OrganizationAdmin`, `DeployKey`, `User`. */
  type: string;
  id: number | undefined;
  /** `always`, `pull_request`, `exempt`. */
  mode: string;
}
