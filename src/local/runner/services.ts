/** Services that all runs of a runner share. */
import type { AppRegistry } from '../github/app-registry.js';
import type { EnteredEnvironment, EnvironmentEntry } from '../github/world/enter-environment.js';
import type { RunReport } from '../github/world/runs.js';
import type { ArtifactIndex, ArtifactStore } from './artifacts.js';
import type { Concurrency } from './concurrency.js';
import type { RunnerEvent } from './events.js';
import type { Settings } from './settings.js';
import type { Slots } from './slots.js';
import type { Sources } from './sources.js';

/** The local GitHub, as far as the runner needs it. */
export interface Host {
  apiUrl: string;
  graphqlUrl: string;
  serverUrl: string;
  apps: AppRegistry;
  /** Issues a token with exactly these rights. */
  issueToken(grant: TokenGrant): string;
  /** Secrets and variables that a repository has on the local GitHub. */
  valuesOf(repository: string): { secrets: Record<string, string>; vars: Record<string, string> };
  /** Tells of a run. @returns the webhook about it, without its `action` */
  reportRun(repository: string, run: RunReport): Promise<object>;
  artifacts: ArtifactIndex;
  /** Lets a job into an environment. */
  enterEnvironment(job: EnvironmentEntry & { repository: string }): Promise<EnteredEnvironment>;
  /** Whether a token may read something of a repository, by GitHub App permission name. */
  tokenMay(token: string, repository: string, permission: string): boolean;
  /** Revokes a token after its job. */
  revokeToken?(token: string): void;
}

export interface TokenGrant {
  actor: string;
  repositories: string[];
  permissions: Readonly<Record<string, 'read' | 'write' | 'admin'>>;
  /** Whether events that the token causes start workflows; those of `GITHUB_TOKEN` do not. */
  startsWorkflows: boolean;
}

/** What a job uses of the machine. */
export interface Machine {
  /** The Node.js that runs JavaScript actions. */
  node: string;
  /** What it gets before the path of an action. */
  nodeArguments: readonly string[];
  /** Runs several of our bundles in one process, one after another; each has its own by default. */
  reusesNode?: boolean;
  /** `PATH` of a job at its start. */
  path: string;
  /** More variables for every process, for example where the container engine listens. */
  env: Record<string, string>;
  /** First line of every job's log, for example that a stand-in engine is used. */
  announcement?: string;
}

export interface Services {
  host: Host;
  sources: Sources;
  concurrency: Concurrency;
  slots: Slots;
  settings: Settings;
  artifacts: ArtifactStore;
  machine: Machine;
  /** Folder for workspaces. */
  folder: string;
  /** Aborted when the runner closes. */
  closing: AbortSignal;
  emit(event: RunnerEvent): void;
  /** Reports a job as a check run of the commit, for required checks. */
  reportCheck(check: CheckReport): Promise<void>;
}

export interface CheckReport {
  repository: string;
  sha: string;
  name: string;
  /** Same key, same check run. */
  key: string;
  runId: number;
  /** Absent while the job runs. */
  conclusion?: 'success' | 'failure' | 'cancelled' | 'skipped';
}
