/**
 * The local runner: executes the workflows of repositories on a local stage, as GitHub Actions does.
 * A feature that it does not support fails the run with an error that names it.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AppRegistry } from '../github/app-registry.js';
import type { Again } from '../github/world/records.js';
import type { RunReport } from '../github/world/runs.js';
import { ArtifactStore } from './artifacts.js';
import { type Attempt, firstAttempt, nextAttempt } from './attempt.js';
import { Concurrency } from './concurrency.js';
import { InvalidFile, messageOf, RunError } from './errors.js';
import type { Annotation, Reporter, RunnerEvent, RunResult } from './events.js';
import { isObject, type JsonObject, toJson } from './json.js';
import { executeRun } from './run.js';
import { type ReferencedWorkflow, referencedBy, reportOf } from './run-report.js';
import type { CheckReport, Host, Machine, Services } from './services.js';
import { NamedValues } from './settings.js';
import { Slots } from './slots.js';
import { type FindRepository, Sources } from './sources.js';
import { type IncomingEvent, resolveEvent, type TriggerEvent } from './trigger-event.js';
import { asksToSkip, changedPaths, starts } from './triggers.js';
import { readWorkflow, type WorkflowFile } from './workflow.js';
import { dispatchInputs } from './workflow-inputs.js';

export interface RunnerOptions {
  host: Host;
  findRepository: FindRepository;
  machine: Machine;
  reporter?: Reporter;
  reportCheck?: (check: CheckReport) => Promise<void>;
  /** Jobs at once; 8, or twice the processors where there are more. A job may wait for the jobs of another run. */
  parallelJobs?: number;
  debug?: boolean;
}

export interface EventRequest extends IncomingEvent {
  /** Inputs of `workflow_dispatch`. */
  inputs?: JsonObject | undefined;
  /** Only this workflow: its path, its file name, or its name. */
  workflow?: string | undefined;
  /** The id of its run, where GitHub has said it already. */
  run?: number | undefined;
}

/** How many runs may start one after another by `workflow_run` (GitHub's limit). */
const longestChain = 3;

/** Runs that an event has started. */
interface Launched {
  results: Promise<RunResult[]>;
  /** Resolves when every run is in its concurrency group, running or waiting. */
  queued: Promise<unknown>;
}

export class Runner implements AsyncDisposable {
  readonly secrets = new NamedValues();
  readonly vars = new NamedValues();
  /** Every run that has ended, in the order they ended. */
  readonly runs: RunResult[] = [];
  /** Errors before a run could start: files that GitHub would refuse, dispatches of workflows that do not exist. */
  readonly problems: Annotation[] = [];
  readonly #reporters = new Set<Reporter>();
  readonly #active = new Set<Promise<unknown>>();
  readonly #files = new Map<string, Promise<WorkflowFile>>();
  readonly #numbers = new Map<string, number>();
  /** The last attempt of each run, by its id. */
  readonly #attempts = new Map<number, Attempt>();
  /** What ends a run that is not over, by its id. */
  readonly #ends = new Map<number, { cancel: AbortController; force: AbortController }>();
  readonly #closing = new AbortController();
  readonly #services: Services;
  #folder: string;
  /** Resolves when the runs of the previous event are in their concurrency groups. */
  #previous: Promise<unknown> = Promise.resolve();
  #keys = 0;
  #runs = 1000;

  private constructor(
    private readonly options: RunnerOptions,
    folder: string,
  ) {
    this.#folder = folder;
    if (options.reporter !== undefined) {
      this.#reporters.add(options.reporter);
    }
    this.#services = {
      host: options.host,
      sources: new Sources(options.findRepository, join(folder, 'actions')),
      concurrency: new Concurrency(),
      slots: new Slots(options.parallelJobs ?? Math.max(availableParallelism() * 2, 8)),
      settings: { secrets: this.secrets, vars: this.vars },
      artifacts: new ArtifactStore(join(folder, 'artifacts'), options.host.artifacts),
      machine: options.machine,
      folder,
      closing: this.#closing.signal,
      emit: (event) => this.#emit(event),
      reportCheck: options.reportCheck ?? (async () => undefined),
    };
  }

  /** The Apps whose tokens workflows take. */
  get apps(): AppRegistry {
    return this.options.host.apps;
  }

  /** Makes a runner with a folder of its own, which is removed when it closes. */
  static async create(options: RunnerOptions): Promise<Runner> {
    const folder = await mkdtemp(join(tmpdir(), 'ostack-runner-'));
    await mkdir(join(folder, 'actions'), { recursive: true });
    return new Runner(options, folder);
  }

  /** Adds a reporter. @returns a function that removes it */
  follow(reporter: Reporter): () => void {
    this.#reporters.add(reporter);
    return () => this.#reporters.delete(reporter);
  }

  /**
   * Starts the workflows that an event starts and waits for them.
   *
   * @throws RunError when the repository, the ref, the workflow or an input does not exist
   * @throws InvalidFile when `request.workflow` is a file that GitHub would refuse
   */
  async run(request: EventRequest): Promise<RunResult[]> {
    return await this.#track(this.#start(request));
  }

  /**
   * Runs a run once more: the same commit, the same event and the same workflow file.
   *
   * @param what all of its jobs, or those that failed and those that need them
   * @throws RunError when there is no such run
   */
  async rerun(id: number, actor: string, what: Again): Promise<RunResult> {
    const known = this.#attempts.get(id);
    if (known === undefined) {
      throw new RunError(`The runner has no run ${id}.`);
    }
    return await this.#track(this.#execute(nextAttempt(known, what), actor).result);
  }

  /** Cancels a run that is not over; by force also what would run all the same. */
  cancel(id: number, isForced: boolean): void {
    const ends = this.#ends.get(id);
    if (isForced) {
      ends?.force.abort();
    }
    ends?.cancel.abort();
  }

  /** Waits until every run that has started, and every one that those start, has ended. */
  async idle(): Promise<void> {
    while (this.#active.size > 0) {
      await Promise.allSettled([...this.#active]);
    }
  }

  /** Ends all runs and removes the runner's folder. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.idle();
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 3 });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Handles one event after the other, so that runs enter concurrency groups in the order of their events. */
  async #start(request: EventRequest): Promise<RunResult[]> {
    const found = this.#previous.then(() => this.#launch(request));
    this.#previous = found.then(({ queued }) => queued).catch(() => undefined);
    return await (await found).results;
  }

  async #launch(request: EventRequest): Promise<Launched> {
    const { sources } = this.#services;
    if (!sources.has(request.repository)) {
      throw new RunError(`The local stage has no repository "${request.repository}".`);
    }
    const payload = { ...request.payload };
    if (request.inputs !== undefined) {
      const given = Object.entries(request.inputs).map(([key, value]) => [key, String(value ?? '')]);
      payload.inputs = Object.fromEntries(given);
    }
    const event = await resolveEvent({ ...request, payload }, sources);
    if (event === undefined || (await this.#skipped(event))) {
      return { results: Promise.resolve([]), queued: Promise.resolve([]) };
    }
    const workflows = await this.#workflows(event, request);
    const launched = workflows.map((workflow) => {
      const number = this.#number(event.repository, workflow.file);
      const run = { event, workflow, given: request.inputs, id: request.run ?? this.#nextRun(), number };
      return this.#execute(firstAttempt(run), event.actor);
    });
    return {
      results: Promise.all(launched.map(({ result }) => result)),
      queued: Promise.all(launched.map(({ queued }) => queued)),
    };
  }

  async #skipped(event: TriggerEvent): Promise<boolean> {
    const { message } = await this.#services.sources.commit(event.repository, event.checkSha);
    return asksToSkip(event, message);
  }

  /** The workflows that the event starts, from its commit. */
  async #workflows(event: TriggerEvent, request: EventRequest): Promise<WorkflowFile[]> {
    const { sources } = this.#services;
    let changed: Promise<string[] | undefined> | undefined;
    const changedOnce = () => {
      changed ??= changedPaths(event, sources);
      return changed;
    };
    const found: WorkflowFile[] = [];
    const all = await sources.list(event.repository, event.sha, '.github/workflows');
    const files = all.filter((file) => !sources.isDisabled(event.repository, file));
    for (const file of files.filter((path) => /\.ya?ml$/.test(path))) {
      const requested =
        request.workflow === undefined || file.endsWith(`/${request.workflow}`) || file === request.workflow;
      try {
        const workflow = await this.#read(event, file);
        if ((requested || workflow.name === request.workflow) && (await starts(workflow, event, changedOnce))) {
          found.push(workflow);
        }
      } catch (error) {
        this.#problem(event, file, error, request.workflow !== undefined && requested);
      }
    }
    if (found.length === 0 && request.workflow !== undefined) {
      throw new RunError(
        `${event.repository} has no workflow "${request.workflow}" that ${event.name} starts at ${event.ref}. It has: ${files.join(', ') || 'none'}.`,
      );
    }
    return found;
  }

  /** Reads a workflow file of a commit, once. */
  async #read(event: TriggerEvent, file: string): Promise<WorkflowFile> {
    const key = `${event.repository}@${event.sha}:${file}`;
    let workflow = this.#files.get(key);
    if (workflow === undefined) {
      const { sources } = this.#services;
      workflow = sources.read(event.repository, event.sha, file).then((text) => readWorkflow(text ?? '', file));
      this.#files.set(key, workflow);
    }
    return await workflow;
  }

  /** Reports an invalid workflow file as a failed run; the other workflows of the event still run. */
  #problem(event: TriggerEvent, file: string, error: unknown, asked: boolean): void {
    if (asked) {
      throw error;
    }
    if (event.name !== 'push') {
      return;
    }
    const number = this.#number(event.repository, file);
    const run = {
      id: this.#nextRun(),
      number,
      repository: event.repository,
      workflow: file,
      file,
      event: event.name,
      ref: event.ref,
      sha: event.sha,
      title: file,
      actor: event.actor,
      attempt: 1,
      triggeringActor: event.actor,
    };
    const messages = error instanceof InvalidFile ? error.problems : [messageOf(error)];
    const annotations = messages.map((message) => ({ level: 'error' as const, message }));
    this.#emit({ type: 'run-started', run });
    for (const annotation of annotations) {
      this.problems.push(annotation);
      this.#emit({ type: 'annotation', run, annotation });
    }
    this.#emit({ type: 'run-finished', run, conclusion: 'failure', durationMs: 0 });
    const ended = { ...run, conclusion: 'failure' as const, jobs: [], annotations, durationMs: 0 };
    this.runs.push(ended);
    void this.#track(this.options.host.reportRun(event.repository, reportOf(event, ended, [], 'completed')));
  }

  #execute(launched: Attempt, triggeringActor: string) {
    const { event, workflow, given, id } = launched;
    this.#attempts.set(id, launched);
    let referenced: ReferencedWorkflow[] = [];
    const trigger = workflow.on.get(event.name);
    const inputs = event.name === 'workflow_dispatch' ? dispatchInputs(trigger, given ?? dispatched(event)) : {};
    let onQueued: () => void = () => undefined;
    const queued = new Promise<void>((resolve) => {
      onQueued = resolve;
    });
    const ends = { cancel: new AbortController(), force: new AbortController() };
    this.#ends.set(id, ends);
    const closing = AbortSignal.any([this.#closing.signal, ends.force.signal]);
    const result = executeRun({
      ...launched,
      services: { ...this.#services, closing },
      inputs,
      triggeringActor,
      debug: this.options.debug ?? false,
      closing: AbortSignal.any([closing, ends.cancel.signal]),
      nextKey: () => String(++this.#keys),
      onQueued,
      report: async (status, info, loaded) => {
        referenced = referencedBy(loaded);
        await this.#announce(event, reportOf(event, info, referenced, status));
      },
    })
      .finally(() => {
        this.#ends.delete(id);
        onQueued();
      })
      .then(async (ended) => {
        await this.#announce(event, reportOf(event, ended, referenced, 'completed'));
        this.runs.push(ended);
        return ended;
      });
    return { result, queued };
  }

  /**
   * `workflow_run`: a workflow may start when another one is requested, starts or has ended, up to three in a row. A run
   * that is run again is not requested once more.
   */
  async #announce(event: TriggerEvent, report: RunReport): Promise<void> {
    const payload = toJson(await this.options.host.reportRun(event.repository, report));
    const isRequestedAgain = report.status === 'queued' && report.attempt > 1;
    if (event.chain === longestChain || this.#closing.signal.aborted || isRequestedAgain || !isObject(payload)) {
      return;
    }
    const action = report.status === 'queued' ? 'requested' : report.status;
    const { repository, actor } = event;
    const request = {
      name: 'workflow_run',
      repository,
      actor,
      payload: { action, ...payload },
      chain: event.chain + 1,
    };
    this.run(request).catch((error: unknown) => {
      this.problems.push({ level: 'error', message: messageOf(error) });
    });
  }

  #nextRun(): number {
    this.#runs += 1;
    return this.#runs;
  }

  #number(repository: string, file: string): number {
    const key = `${repository}/${file}`;
    const number = (this.#numbers.get(key) ?? 0) + 1;
    this.#numbers.set(key, number);
    return number;
  }

  #emit(event: RunnerEvent): void {
    for (const reporter of this.#reporters) {
      reporter.report(event);
    }
  }

  async #track<T>(work: Promise<T>): Promise<T> {
    this.#active.add(work);
    try {
      return await work;
    } finally {
      this.#active.delete(work);
    }
  }
}

/** Inputs of a dispatch over the API, which are texts in the payload. */
function dispatched(event: TriggerEvent): JsonObject {
  const { inputs } = event.payload;
  return typeof inputs === 'object' && inputs !== null && !Array.isArray(inputs) ? inputs : {};
}
