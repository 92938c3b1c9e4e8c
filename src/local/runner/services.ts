/** What every run of one runner shares. */
import type { AppRegistry } from './apps.js';
import type { ArtifactStore } from './artifacts.js';
import type { Concurrency } from './concurrency.js';
import type { RunnerEvent } from './events.js';
import type { Settings } from './settings.js';
import type { Slots } from './slots.js';
import type { Sources } from './sources.js';

/** The part of the stage that the runner works with. */
export interface Host {
  apiUrl: string;
  graphqlUrl: string;
  serverUrl: string;
  /** Makes a token that may do exactly this. */
  issueToken(grant: TokenGrant): string;
  /** Whether a token may read something of a repository, by GitHub App permission name. */
  tokenMay(token: string, repository: string, permission: string): boolean;
  /** Ends a token when its job has ended. */
  revokeToken?(token: string): void;
}

export interface TokenGrant {
  actor: string;
  repositories: string[];
  permissions: Record<string, 'read' | 'write'>;
  /** Whether what is done with the token starts workflows; what `GITHUB_TOKEN` does starts none. */
  startsWorkflows: boolean;
}

/** What the machine lends to jobs. */
export interface Machine {
  /** The Node.js that runs JavaScript actions. */
  node: string;
  /** `PATH` of a job at its start. */
  path: string;
  /** More variables for every process, for example where the container engine listens. */
  env: Record<string, string>;
  /** One sentence that every job's log starts with, for example that a stand-in engine is used. */
  announcement?: string;
}

export interface Services {
  host: Host;
  sources: Sources;
  concurrency: Concurrency;
  slots: Slots;
  settings: Settings;
  apps: AppRegistry;
  artifacts: ArtifactStore;
  machine: Machine;
  /** Folder for workspaces. */
  folder: string;
  /** The runner is closing: everything ends at once. */
  closing: AbortSignal;
  emit(event: RunnerEvent): void;
  /** Reports a job's state on the commit, so that required checks know it. */
  reportCheck(check: CheckReport): Promise<void>;
}

export interface CheckReport {
  repository: string;
  sha: string;
  name: string;
  /** Same key, same check run. */
  key: string;
  /** Absent while the job runs. */
  conclusion?: 'success' | 'failure' | 'cancelled' | 'skipped';
}
