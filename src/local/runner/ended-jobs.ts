/**
 * Jobs that a run does not run again: where what failed runs again, those keep what they came to that did not fail and need nothing that
 * runs again.
 *
 * @see https://docs.github.com/actions/how-tos/manage-workflow-runs/re-run-workflows-and-jobs
 */
import type { JobResult } from './events.js';
import type { JobOutcome } from './job-outcome.js';
import type { Level } from './level.js';

/** A job of one combination of a matrix, or of none. @param name with those of the jobs that call its workflow */
function jobKey(level: Level, id: string, name: string): string {
  return JSON.stringify([...level.path, id, name]);
}

/** Remembers what a job came to, for the next attempt. @returns its outcome */
export function remember(level: Level, result: JobResult, id: string, outcome: JobOutcome): JobOutcome {
  level.run.jobs.push(result);
  level.run.ended.set(jobKey(level, id, result.name), { result, outcome });
  return outcome;
}

/** What a job of the attempt before came to. @returns `undefined` where it runs (again) */
export async function keptJob(level: Level, id: string, name: string): Promise<JobOutcome | undefined> {
  const { run } = level;
  const known = level.mayKeep ? run.earlier?.get(jobKey(level, id, name)) : undefined;
  if (known === undefined || known.outcome.result !== 'success') {
    return undefined;
  }
  const { repository, checkSha: sha } = run.event;
  const key = `${run.info.id}-${run.info.attempt}-${run.nextKey()}`;
  const { conclusion } = known.result;
  await run.services.reportCheck({ repository, sha, name, key, runId: run.info.id, conclusion });
  return remember(level, known.result, id, { ...known.outcome, isKept: true });
}
