import { InvalidFile, messageOf } from './errors.js';
import type { JobRun } from './job-run.js';

/** Shows what was thrown as errors of the step that runs: one per problem. */
export function annotateError(job: JobRun, error: unknown): void {
  const problems = error instanceof InvalidFile ? error.problems : [messageOf(error)];
  for (const message of problems) {
    job.annotate({ level: 'error', message });
  }
}
