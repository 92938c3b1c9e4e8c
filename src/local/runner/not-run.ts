/** Jobs that are skipped, or cancelled before they start. They are part of the run's result and get a check run. */
import type { Annotation, Conclusion, JobInfo } from './events.js';
import type { JobOutcome } from './job-outcome.js';
import type { Level } from './level.js';
import type { JobDefinition } from './workflow.js';

/** Records a job that does not run: an event, an entry in the run's result, and a check run. @returns its outcome */
export async function recordNotRun(
  level: Level,
  job: JobDefinition,
  info: JobInfo,
  conclusion: Conclusion,
  annotations: Annotation[] = [],
): Promise<JobOutcome> {
  const { run } = level;
  for (const annotation of annotations) {
    run.services.emit({ type: 'annotation', run: run.info, job: info, annotation });
  }
  run.services.emit({ type: 'job-finished', run: run.info, job: info, conclusion, durationMs: 0 });
  run.jobs.push({
    id: [...level.path, job.id].join('/'),
    name: info.name,
    conclusion,
    outputs: {},
    steps: [],
    annotations,
    summary: '',
    durationMs: 0,
  });
  const { repository, checkSha: sha } = run.event;
  const key = `${run.info.id}-${run.info.attempt}-${info.key}`;
  await run.services.reportCheck({ repository, sha, name: info.name, key, runId: run.info.id, conclusion });
  // One that was skipped is skipped again for the same reason.
  return { result: conclusion, outputs: {}, isKept: level.mayKeep && conclusion === 'skipped' };
}
