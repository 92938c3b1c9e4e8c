/** One run of one workflow. */
import type { Attempt } from './attempt.js';
import { readConcurrency } from './concurrency.js';
import { githubContext } from './contexts.js';
import { InvalidFile, messageOf } from './errors.js';
import type { Conclusion, RunInfo, RunResult } from './events.js';
import { evaluateToText, type Scope } from './expressions.js';
import { overall } from './job-outcome.js';
import { runJobs } from './jobs.js';
import type { JsonObject } from './json.js';
import { type LoadedWorkflow, loadWorkflow, type Origin } from './load.js';
import type { RunState } from './run-state.js';
import type { Services } from './services.js';
import type { WorkflowFile } from './workflow.js';

export interface RunPlan extends Omit<Attempt, 'workflow' | 'given'> {
  services: Services;
  workflow: Pick<WorkflowFile, 'file' | 'name' | 'runName'>;
  inputs: JsonObject;
  /** Login of who asked for this attempt. */
  triggeringActor: string;
  debug: boolean;
  /** Aborted when the runner closes, and when the run is cancelled. */
  closing: AbortSignal;
  nextKey(): string;
  /** Called when the run is in its concurrency group, running or waiting; the next event is handled after that. */
  onQueued(): void;
  /** Tells GitHub that the run is requested, or that it starts. */
  report(status: 'queued' | 'in_progress', info: RunInfo, loaded: LoadedWorkflow): Promise<void>;
}

/** Runs a workflow. Never throws: errors are annotations in the result. */
export async function executeRun(plan: RunPlan): Promise<RunResult> {
  const { services, event, workflow } = plan;
  const started = performance.now();
  const cancel = new AbortController();
  const end = () => cancel.abort();
  plan.closing.addEventListener('abort', end, { once: true });
  const info = describe(plan);
  const own = services.host.valuesOf(event.repository);
  const state: RunState = {
    info,
    event,
    services,
    inputs: plan.inputs,
    secrets: event.untrusted ? {} : { ...services.settings.secrets.of(event.repository), ...own.secrets },
    vars: variablesOf(plan),
    debug: plan.debug || asksForDebug(services, event.repository),
    cancel,
    jobs: [],
    annotations: [],
    ended: plan.ended,
    earlier: plan.earlier,
    nextKey: plan.nextKey,
  };
  const conclusion = await conclude(state, async () => {
    info.title = await titleOf(plan, info);
    const origin: Origin = { repository: event.repository, ref: event.ref, sha: event.sha };
    const loaded = await loadWorkflow(services.sources, origin, workflow.file);
    await plan.report('queued', info, loaded);
    return await runInTurn(state, loaded, plan);
  });
  plan.closing.removeEventListener('abort', end);
  const durationMs = Math.round(performance.now() - started);
  services.emit({ type: 'run-finished', run: info, conclusion, durationMs });
  return { ...info, conclusion, jobs: state.jobs, annotations: state.annotations, durationMs };
}

/** Variables for the run; GitHub gives none to pull requests from forks, although they are not secret. */
function variablesOf({ services, event }: RunPlan): Record<string, string> {
  const { vars } = services.host.valuesOf(event.repository);
  return event.untrusted ? {} : { ...services.settings.vars.of(event.repository), ...vars };
}

/** `ACTIONS_STEP_DEBUG`, as a secret or a variable, turns debug lines on. */
function asksForDebug({ settings }: Services, repository: string): boolean {
  const { secrets, vars } = settings;
  return [secrets, vars].some((values) => values.of(repository).ACTIONS_STEP_DEBUG === 'true');
}

async function conclude(state: RunState, body: () => Promise<Conclusion>): Promise<Conclusion> {
  try {
    return await body();
  } catch (error) {
    for (const message of error instanceof InvalidFile ? error.problems : [messageOf(error)]) {
      const annotation = { level: 'error' as const, message };
      state.annotations.push(annotation);
      state.services.emit({ type: 'annotation', run: state.info, annotation });
    }
    return 'failure';
  }
}

/** Runs all jobs while the run holds the workflow's concurrency group, if it has one. */
async function runInTurn(
  state: RunState,
  loaded: LoadedWorkflow,
  { onQueued, report }: Pick<RunPlan, 'onQueued' | 'report'>,
): Promise<Conclusion> {
  const { services, info, event } = state;
  const { signal } = state.cancel;
  const { concurrency } = loaded.workflow;
  let leave: (() => void) | undefined = () => undefined;
  if (concurrency !== undefined) {
    const setting = readConcurrency(concurrency, runScope(state));
    const holder = { runId: info.id, cancel: () => state.cancel.abort() };
    const onWait = () =>
      services.emit({ type: 'run-queued', run: info, reason: `Waiting for concurrency group "${setting.group}"` });
    const turn = services.concurrency.enter(event.repository, setting, holder, signal, onWait);
    onQueued();
    leave = await turn;
  }
  onQueued();
  if (leave === undefined) {
    return 'cancelled';
  }
  try {
    services.emit({ type: 'run-started', run: info });
    await report('in_progress', info, loaded);
    const level = {
      run: state,
      loaded,
      inputs: state.inputs,
      secrets: state.secrets,
      inherits: true,
      mayKeep: state.earlier !== undefined,
      path: [],
      names: [],
      signal,
    };
    const outcomes = await runJobs(level);
    const result = overall([...outcomes.values()].map((outcome) => outcome.result));
    return signal.aborted && result !== 'failure' ? 'cancelled' : result;
  } finally {
    leave();
  }
}

function runScope(state: RunState): Scope {
  const { services, info, event } = state;
  return {
    contexts: { github: githubContext(services.host, info, event), inputs: state.inputs, vars: state.vars },
  };
}

function describe({ id, number, attempt, triggeringActor, event, workflow }: RunPlan): RunInfo {
  return {
    id,
    number,
    repository: event.repository,
    workflow: workflow.name,
    file: workflow.file,
    event: event.name,
    ref: event.ref,
    sha: event.sha,
    title: workflow.name,
    actor: event.actor,
    attempt,
    triggeringActor,
  };
}

/** Title of the run: `run-name`; else the commit's subject for pushes and pull requests; else the workflow's name. */
async function titleOf(plan: RunPlan, info: RunInfo): Promise<string> {
  const { services, event, workflow, inputs } = plan;
  if (workflow.runName !== undefined) {
    const vars = variablesOf(plan);
    const github = githubContext(services.host, info, event);
    return evaluateToText(workflow.runName, { contexts: { github, inputs, vars } }) || workflow.name;
  }
  if (event.name === 'push' || event.name.startsWith('pull_request')) {
    const { message } = await services.sources.commit(event.repository, event.checkSha);
    return message.split('\n', 1)[0] || workflow.name;
  }
  return workflow.name;
}
