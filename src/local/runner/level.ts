import type { JsonObject } from './json.js';
import type { LoadedWorkflow } from './load.js';
import type { Permissions } from './permissions.js';
import type { RunState } from './run-state.js';

/** One workflow of a run: the one that was started, or a reusable one that a job calls. */
export interface Level {
  run: RunState;
  loaded: LoadedWorkflow;
  inputs: JsonObject;
  secrets: Record<string, string>;
  /** Whether jobs get the secrets of their environments: where every caller says `secrets: inherit`. */
  inherits: boolean;
  /** Whether jobs stay as the attempt before left them: where only those that failed run again, and nothing that they need does. */
  mayKeep: boolean;
  /** Permissions of the calling job; absent for the workflow that was started. */
  ceiling?: Permissions;
  /** Ids and names of the calling jobs. */
  path: string[];
  names: string[];
  signal: AbortSignal;
}
