import type { Again } from '../github/world/records.js';
import type { EndedJobs } from './job-outcome.js';
import type { JsonObject } from './json.js';
import type { TriggerEvent } from './trigger-event.js';
import type { WorkflowFile } from './workflow.js';

/** One attempt of a run. */
export interface Attempt {
  event: TriggerEvent;
  workflow: WorkflowFile;
  /** Inputs of `workflow_dispatch`. */
  given: JsonObject | undefined;
  id: number;
  number: number;
  attempt: number;
  /** Filled with what its jobs come to. */
  ended: EndedJobs;
  /** What those of the attempt before came to, where only those that failed run again: those that did not are left out. */
  earlier: EndedJobs | undefined;
}

/** The first attempt of a run. */
export function firstAttempt(run: Omit<Attempt, 'attempt' | 'ended' | 'earlier'>): Attempt {
  return { ...run, attempt: 1, ended: new Map(), earlier: undefined };
}

/** The attempt after one that has ended. @param what runs again */
export function nextAttempt(last: Attempt, what: Again): Attempt {
  const earlier = what === 'failed' ? last.ended : undefined;
  return { ...last, attempt: last.attempt + 1, ended: new Map(), earlier };
}
