import { InvalidFile, messageOf } from './errors.js';
import type { JobRun } from './job-run.js';

/** Adds error annotations to the step that runs: one per problem of an invalid file, else one with the message. */
export function annotateError(job: JobRun, error: unknown): void {
  const problems = error instanceof InvalidFile ? error.problems : [messageOf(error)];
  for (const message of problems) {
    job.annotate({ level: 'error', message });
  }
}
