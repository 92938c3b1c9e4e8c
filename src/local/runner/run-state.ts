import type { Attempt } from './attempt.js';
import type { Annotation, JobResult, RunInfo } from './events.js';
import type { JsonObject } from './json.js';
import type { Services } from './services.js';

/** The state of one run that all its jobs share. */
export interface RunState extends Pick<Attempt, 'event' | 'ended' | 'earlier'> {
  info: RunInfo;
  services: Services;
  /** Typed `inputs` of `workflow_dispatch`. */
  inputs: JsonObject;
  secrets: Record<string, string>;
  vars: Record<string, string>;
  /** Debug lines are printed (`ACTIONS_STEP_DEBUG`). */
  debug: boolean;
  /** Cancels the run. */
  cancel: AbortController;
  jobs: JobResult[];
  annotations: Annotation[];
  /** A number that no other job of this runner has. */
  nextKey(): string;
}
