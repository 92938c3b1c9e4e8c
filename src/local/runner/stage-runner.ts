/** The runner of a stage: it listens to the events of the local GitHub and starts the workflows that GitHub would. */
import { delimiter } from 'node:path';
import { engineEnvironment } from '../engine/environment.js';
import type { Again } from '../github/world/records.js';
import type { GitHubEvent, Stage } from '../stage.js';
import { messageOf } from './errors.js';
import type { Annotation, Reporter, RunResult } from './events.js';
import { at, isObject, type JsonObject, toJson } from './json.js';
import { thisMachine } from './machine.js';
import { type EventRequest, Runner } from './runner.js';
import type { Host, Machine } from './services.js';

export interface StageRunnerOptions {
  reporter?: Reporter;
  /** Secrets by `owner` or `owner/name`, then by name. */
  secrets?: Record<string, Record<string, string>>;
  /** Variables by `owner` or `owner/name`, then by name. */
  vars?: Record<string, Record<string, string>>;
  /** Whether events of the stage start workflows; true by default. */
  automatic?: boolean;
  parallelJobs?: number;
  debug?: boolean;
  /** Instead of this machine. */
  machine?: Machine;
}

/** Makes a runner for a stage; it has to be closed before the stage. */
export async function createRunner(stage: Stage, options: StageRunnerOptions = {}): Promise<StageRunner> {
  const runner = await Runner.create({
    host: hostOf(stage),
    findRepository: (name) => find(stage, name),
    reportCheck: ({ repository, ...job }) => stage.github.repository(repository).reportJob(job),
    machine: options.machine ?? (await machineWithEngine()),
    ...(options.reporter === undefined ? {} : { reporter: options.reporter }),
    ...(options.parallelJobs === undefined ? {} : { parallelJobs: options.parallelJobs }),
    ...(options.debug === undefined ? {} : { debug: options.debug }),
  });
  for (const [owner, values] of Object.entries(options.secrets ?? {})) {
    runner.secrets.set(owner, values);
  }
  for (const [owner, values] of Object.entries(options.vars ?? {})) {
    runner.vars.set(owner, values);
  }
  return new StageRunner(runner, stage, options.automatic ?? true);
}

/** The runner of one stage. */
export class StageRunner implements AsyncDisposable {
  readonly #unsubscribe: () => void;

  constructor(
    readonly runner: Runner,
    stage: Stage,
    automatic: boolean,
  ) {
    const ends = [
      stage.github.onRerun((_repository, run, actor, what) => this.#runAgain(run, actor, what)),
      stage.github.onCancel((_repository, run, isForced) => this.runner.cancel(run, isForced)),
    ];
    if (automatic) {
      ends.push(stage.github.on((event) => this.#startWorkflows(event)));
    }
    this.#unsubscribe = () => {
      for (const end of ends) {
        end();
      }
    };
  }

  get secrets() {
    return this.runner.secrets;
  }

  get vars() {
    return this.runner.vars;
  }

  get apps() {
    return this.runner.apps;
  }

  /** Every run that has ended, in the order they ended. */
  get runs(): RunResult[] {
    return this.runner.runs;
  }

  /** Errors before a run could start, for example a dispatch of a workflow that does not exist. */
  get problems(): Annotation[] {
    return this.runner.problems;
  }

  /** Starts the workflows of an event and waits for them. @throws like `Runner.run` */
  async dispatch(request: DispatchRequest): Promise<RunResult[]> {
    const { event, payload, ...rest } = request;
    return await this.runner.run({ ...rest, name: event, payload: payload ?? {} });
  }

  /** Waits until every run, and every run that those start, has ended. */
  async idle(): Promise<void> {
    await this.runner.idle();
  }

  async close(): Promise<void> {
    this.#unsubscribe();
    await this.runner.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #runAgain(run: number, actor: string, what: Again): void {
    this.runner.rerun(run, actor, what).catch((error: unknown) => {
      this.problems.push({ level: 'error', message: messageOf(error) });
    });
  }

  #startWorkflows(event: GitHubEvent): void {
    const payload = toJson(event.payload);
    // The workflows of a fork do not run before its owner turns them on.
    if (!event.startsWorkflows || at(payload, 'repository', 'fork') === true) {
      return;
    }
    const { name, repository, actor } = event;
    const workflow = name === 'workflow_dispatch' && isObject(payload) ? payload.workflow : undefined;
    const names = name === 'pull_request' ? [name, 'pull_request_target'] : [name];
    for (const started of names) {
      const request: EventRequest = {
        name: started,
        repository,
        actor,
        payload: isObject(payload) ? payload : {},
        workflow: typeof workflow === 'string' ? workflow.replace(/^.*\//, '') : undefined,
        run: event.run,
      };
      this.runner.run(request).catch((error: unknown) => {
        this.problems.push({ level: 'error', message: messageOf(error) });
      });
    }
  }
}

export interface DispatchRequest {
  repository: string;
  /** `workflow_dispatch`, `push`, `schedule`… */
  event: string;
  /** Only this workflow: its path, its file name, or its name. */
  workflow?: string;
  ref?: string;
  inputs?: JsonObject;
  payload?: JsonObject;
  actor?: string;
}

function hostOf(stage: Stage): Host {
  const { apiUrl, graphqlUrl, serverUrl } = stage;
  return {
    apiUrl,
    graphqlUrl,
    serverUrl,
    apps: stage.github.apps,
    valuesOf: (repository) => stage.github.repository(repository).values,
    reportRun: (repository, run) => stage.github.repository(repository).reportRun(run),
    artifacts: {
      of: (repository, runId) => stage.github.repository(repository).artifacts(runId),
      add: (repository, artifact, instead) => stage.github.repository(repository).addArtifact(artifact, instead),
    },
    enterEnvironment: ({ repository, ...job }) => stage.github.repository(repository).enterEnvironment(job),
    issueToken: (grant) => stage.github.issueToken(grant),
    tokenMay: (token, repository, permission) => stage.github.tokenMay(token, repository, permission),
  };
}

function find(stage: Stage, name: string) {
  try {
    const { gitDir, defaultBranch, git, disabledWorkflows } = stage.github.repository(name);
    return { gitDir, defaultBranch, git, disabledWorkflows };
  } catch {
    return undefined;
  }
}

/** This machine with its container engine, or the stand-in where it has none. */
async function machineWithEngine(): Promise<Machine> {
  const machine = thisMachine();
  const engine = await engineEnvironment();
  return {
    ...machine,
    path: [...engine.path, machine.path].join(delimiter),
    env: engine.env,
    ...(engine.announced === undefined ? {} : { announcement: engine.announced }),
  };
}
