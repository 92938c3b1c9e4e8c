/** Jobs that never start, skipped or cancelled: they are seen in the result all the same. */
import type { Conclusion, JobInfo } from './events.js';
import type { JobOutcome, Level } from './jobs.js';
import type { JobDefinition } from './workflow.js';

/** Notes a job that does not run. */
export async function recordUnrun(
  level: Level,
  job: JobDefinition,
  info: JobInfo,
  conclusion: Conclusion,
): Promise<JobOutcome> {
  const { run } = level;
  run.services.emit({ type: 'job-finished', run: run.info, job: info, conclusion, durationMs: 0 });
  run.jobs.push({
    id: [...level.path, job.id].join('/'),
    name: info.name,
    conclusion,
    outputs: {},
    steps: [],
    annotations: [],
    summary: '',
    durationMs: 0,
  });
  const { repository, checkSha: sha } = run.event;
  await run.services.reportCheck({ repository, sha, name: info.name, key: `${run.info.id}-${info.key}`, conclusion });
  return { result: conclusion, outputs: {} };
}
