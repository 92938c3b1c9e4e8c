import type { Conclusion, JobResult } from './events.js';

/** What jobs came to, by their key. */
export type EndedJobs = Map<string, { result: JobResult; outcome: JobOutcome }>;

/** What `needs` shows of a job that has ended. */
export interface JobOutcome {
  result: Conclusion;
  outputs: Record<string, string>;
  /** Whether it did not run because it had come to this in the attempt before. */
  isKept: boolean;
}

/** One conclusion for several jobs: a failure wins, then a cancellation; skipped only when all were skipped. */
export function overall(results: Conclusion[]): Conclusion {
  for (const result of ['failure', 'cancelled'] as const) {
    if (results.includes(result)) {
      return result;
    }
  }
  return results.length > 0 && results.every((result) => result === 'skipped') ? 'skipped' : 'success';
}
