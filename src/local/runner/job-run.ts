/** One job while it runs: its log, variables, folders and results. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { githubContext, workflowOf } from './contexts.js';
import type { Annotation, JobInfo, RunnerEvent, StepInfo, StepResult } from './events.js';
import type { Scope, Status } from './expressions.js';
import type { JsonObject } from './json.js';
import type { LoadedWorkflow, Origin } from './load.js';
import { Masker } from './masker.js';
import type { Permissions } from './permissions.js';
import type { RunState } from './run-state.js';
import type { StepDefinition } from './workflow.js';

/** An event of a job, without the fields that all of them have. */
type JobEvent = WithoutJob<Exclude<RunnerEvent, { type: `run-${string}` }>>;
type WithoutJob<E> = E extends RunnerEvent ? Omit<E, 'run' | 'job'> : never;

/** Where steps run: the job itself, or one composite action inside it. */
export interface Frame {
  /** The `steps` context. */
  steps: JsonObject;
  /** The repository and commit of the file that defines the steps; `$/` starts there. */
  origin: Origin;
  /** Variables given by the composite action's step, and by those around it. */
  env: Record<string, string>;
  failed: boolean;
  /** Set inside a composite action. */
  composite?: { inputs: JsonObject; github: JsonObject };
}

/** A step that runs when the job ends, the last one that was added first. */
export interface PostStep {
  name: string;
  shouldRun(): boolean;
  run(): Promise<'success' | 'failure'>;
}

export interface JobPlan {
  run: RunState;
  level: LoadedWorkflow;
  /** `github.job`. */
  id: string;
  info: JobInfo;
  /** The contexts that do not change: `vars`, `secrets`, `inputs`, `needs`, `strategy`, `matrix`. */
  contexts: JsonObject;
  env: Record<string, string>;
  token: string;
  /** The token's permissions, for the log. */
  permissions: Permissions;
  secrets: Record<string, string>;
  defaults: { shell?: string; workingDirectory?: string };
}

export class JobRun {
  readonly masker = new Masker();
  readonly annotations: Annotation[] = [];
  readonly results: StepResult[] = [];
  readonly posts: PostStep[] = [];
  /** State saved by an action's `pre`, by the step that uses the action. */
  readonly preStates = new Map<StepDefinition, Record<string, string>>();
  /** Variables of the workflow, the job and `GITHUB_ENV`. */
  readonly env: Record<string, string>;
  /** Folders added by `GITHUB_PATH`, the last one first. */
  readonly path: string[] = [];
  readonly folders: { root: string; workspace: string; temp: string; toolCache: string; home: string; files: string };
  readonly top: Frame;
  /** Aborted when the job is cancelled: running steps end, steps with `always()` and `post` still run. */
  readonly cancel = new AbortController();
  /** Aborted when the job has to end at once: no step runs any more. */
  readonly kill = new AbortController();
  summary = '';
  /** The step that runs. */
  current: StepInfo = { number: 0, name: 'Set up job' };

  constructor(readonly plan: JobPlan) {
    const root = join(plan.run.services.folder, `job-${plan.info.key}`);
    const name = plan.run.event.repository.split('/')[1] ?? 'repository';
    this.folders = {
      root,
      workspace: join(root, 'work', name, name),
      temp: join(root, 'temp'),
      toolCache: join(root, 'tools'),
      home: join(root, 'home'),
      files: join(root, 'files'),
    };
    this.env = { ...plan.env };
    this.top = { steps: {}, origin: plan.level.origin, env: {}, failed: false };
    for (const secret of [plan.token, ...Object.values(plan.secrets)]) {
      this.masker.add(secret);
    }
  }

  get cancelled(): boolean {
    return this.cancel.signal.aborted;
  }

  /** Makes the job's folders and the file with the event. */
  async open(): Promise<void> {
    const { root, files, ...rest } = this.folders;
    await rm(root, { recursive: true, force: true });
    await Promise.all([...Object.values(rest), files].map((folder) => mkdir(folder, { recursive: true })));
    await writeFile(this.eventPath, JSON.stringify(this.plan.run.event.payload, null, 2));
  }

  /** Removes the job's folders. */
  async close(): Promise<void> {
    await rm(this.folders.root, { recursive: true, force: true, maxRetries: 3 });
  }

  get eventPath(): string {
    return join(this.folders.files, 'event.json');
  }

  emit(event: JobEvent): void {
    const { run, info } = this.plan;
    run.services.emit({ ...event, run: run.info, job: info });
  }

  log(text: string): void {
    this.emit({ type: 'log', step: this.current, text: this.masker.mask(text) });
  }

  /** Prints lines as a group with a title. */
  group(title: string, lines: string[] = []): void {
    this.emit({ type: 'group', step: this.current, title: this.masker.mask(title) });
    for (const line of lines) {
      this.log(line);
    }
    this.emit({ type: 'group-end', step: this.current });
  }

  annotate(annotation: Annotation): void {
    const masked = { ...annotation, message: this.masker.mask(annotation.message) };
    this.annotations.push(masked);
    this.emit({ type: 'annotation', step: this.current, annotation: masked });
  }

  /** Status of the steps so far, for conditions. */
  status(frame: Frame): Status {
    const cancelled = this.cancelled;
    return { success: !frame.failed && !cancelled, failure: frame.failed && !cancelled, cancelled };
  }

  /** `success`, `failure` or `cancelled`, as `job.status` says it. */
  statusWord(frame: Frame): string {
    return this.cancelled ? 'cancelled' : frame.failed ? 'failure' : 'success';
  }

  githubOf(frame: Frame): JsonObject {
    const { run, id, token } = this.plan;
    return {
      ...githubContext(run.services.host, run.info, run.event),
      job: id,
      token,
      workspace: this.folders.workspace,
      event_path: this.eventPath,
      ...frame.composite?.github,
    };
  }

  runnerContext(): JsonObject {
    return {
      name: 'local',
      os: 'Linux',
      arch: process.arch === 'arm64' ? 'ARM64' : 'X64',
      temp: this.folders.temp,
      tool_cache: this.folders.toolCache,
      environment: 'self-hosted',
      ...(this.plan.run.debug ? { debug: '1' } : {}),
    };
  }

  /** The scope of a step's expressions. @param env the step's own variables */
  scope(frame: Frame, env: Record<string, string> = {}): Scope {
    const { contexts, level } = this.plan;
    const common: JsonObject = {
      github: this.githubOf(frame),
      env: { ...this.env, ...frame.env, ...env },
      job: { status: this.statusWord(frame), ...workflowOf(level) },
      runner: this.runnerContext(),
      steps: frame.steps,
    };
    const { secrets, inputs, ...rest } = contexts;
    return {
      contexts:
        frame.composite === undefined
          ? { ...contexts, ...common }
          : { ...rest, ...common, inputs: frame.composite.inputs },
      status: this.status(frame),
      workspace: this.folders.workspace,
    };
  }
}

/** Title of a step in the log: its name, else `Run <action>` or `Run <first line of the script>`. */
export function stepTitle(definition: StepDefinition, evaluate: (node: NonNullable<StepDefinition['name']>) => string) {
  if (definition.name !== undefined) {
    return evaluate(definition.name);
  }
  const { body } = definition;
  if (body.kind === 'uses') {
    return `Run ${body.uses}`;
  }
  const script = evaluate(body.run);
  return `Run ${script.trim().split('\n', 1)[0] ?? ''}`;
}
