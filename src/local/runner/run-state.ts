import type { EndedJobs } from './ended-jobs.js';
import type { Annotation, JobResult, RunInfo } from './events.js';
import type { JsonObject } from './json.js';
import type { Services } from './services.js';
import type { TriggerEvent } from './trigger-event.js';

/** The state of one run that all its jobs share. */
export interface RunState {
  info: RunInfo;
  event: TriggerEvent;
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
  /** What its jobs came to so far. */
  ended: EndedJobs;
  /** What those of the attempt before came to, where only those that failed run again. */
  earlier: EndedJobs | undefined;
  /** A number that no other job of this runner has. */
  nextKey(): string;
}
