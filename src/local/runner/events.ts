/** Events of the runner, in order, and the results of runs. All of it is plain data that can be written as JSON lines. */

export type Conclusion = 'success' | 'failure' | 'cancelled' | 'skipped';

export interface RunInfo {
  id: number;
  number: number;
  repository: string;
  /** The workflow's name. */
  workflow: string;
  /** The workflow's path. */
  file: string;
  event: string;
  ref: string;
  sha: string;
  /** Title of the run in GitHub's lists: `run-name`, else the subject of the commit, else the workflow's name. */
  title: string;
  actor: string;
  /** 1, and one more each time that the run is run again. */
  attempt: number;
  /** Login of who asked for this attempt. */
  triggeringActor: string;
}

export interface JobInfo {
  /** Unique within the runner. */
  key: string;
  /** Display name, with the callers' names in front: `release / tag`. */
  name: string;
}

export interface StepInfo {
  number: number;
  name: string;
}

export interface Annotation {
  level: 'error' | 'warning' | 'notice';
  message: string;
  title?: string;
  file?: string;
  line?: number;
  endLine?: number;
  column?: number;
  endColumn?: number;
}

export type RunnerEvent =
  | { type: 'run-queued'; run: RunInfo; reason: string }
  | { type: 'run-started'; run: RunInfo }
  | { type: 'job-waiting'; run: RunInfo; job: JobInfo; reason: string }
  | { type: 'job-started'; run: RunInfo; job: JobInfo }
  | { type: 'step-started'; run: RunInfo; job: JobInfo; step: StepInfo }
  | { type: 'log'; run: RunInfo; job: JobInfo; step: StepInfo; text: string }
  | { type: 'group'; run: RunInfo; job: JobInfo; step: StepInfo; title: string }
  | { type: 'group-end'; run: RunInfo; job: JobInfo; step: StepInfo }
  | { type: 'annotation'; run: RunInfo; job?: JobInfo; step?: StepInfo; annotation: Annotation }
  | { type: 'step-finished'; run: RunInfo; job: JobInfo; step: StepInfo; conclusion: Conclusion; durationMs: number }
  | { type: 'summary'; run: RunInfo; job: JobInfo; markdown: string }
  | { type: 'job-finished'; run: RunInfo; job: JobInfo; conclusion: Conclusion; durationMs: number }
  | { type: 'run-finished'; run: RunInfo; conclusion: Conclusion; durationMs: number };

/** Receives the events of a runner. */
export interface Reporter {
  report(event: RunnerEvent): void;
}

export interface StepResult {
  name: string;
  id?: string;
  outcome: Conclusion;
  conclusion: Conclusion;
  outputs: Record<string, string>;
  durationMs: number;
}

export interface JobResult {
  /** The job's id in its workflow, with the callers' ids in front: `release/tag`. */
  id: string;
  name: string;
  conclusion: Conclusion;
  outputs: Record<string, string>;
  steps: StepResult[];
  annotations: Annotation[];
  /** The job summary, Markdown. */
  summary: string;
  durationMs: number;
}

export interface RunResult extends RunInfo {
  conclusion: Conclusion;
  jobs: JobResult[];
  /** What went wrong before any job could start. */
  annotations: Annotation[];
  durationMs: number;
}
