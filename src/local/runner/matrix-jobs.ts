/** The jobs that a job of a workflow file becomes: one for each combination of its matrix, or just one. */
import { readConcurrency } from './concurrency.js';
import { keptJob, remember } from './ended-jobs.js';
import { RunError, Unsupported } from './errors.js';
import {
  coerceText,
  evaluate,
  evaluateCondition,
  evaluateMap,
  evaluateToText,
  type Scope,
  truthy,
} from './expressions.js';
import { runStepsJob } from './job.js';
import { type JobOutcome, overall } from './job-outcome.js';
import { isObject, type Json, type JsonObject } from './json.js';
import type { Level } from './level.js';
import { jobPermissions } from './load.js';
import { expandMatrix, matrixLabel } from './matrix.js';
import { recordNotRun } from './not-run.js';
import { readOnly } from './permissions.js';
import { Slots } from './slots.js';
import { child, type Node } from './tree.js';
import type { JobDefinition, StepsBody } from './workflow.js';

/** One combination of a job's matrix; the job itself where it has none. */
export interface MatrixJob {
  /** Display name: `build (20)`. */
  name: string;
  scope: Scope;
  signal: AbortSignal;
  evaluate(node: Node): Json;
}

/** GitHub's limit of a job without `timeout-minutes`. */
const longestMinutes = 360;

/**
 * Runs every combination of a job's matrix, as many at once as `max-parallel` allows.
 *
 * @param runCalled runs the workflow that a job with `uses` calls
 * @returns one result for all of them; an output that several set has the last value that is not empty
 */
export async function runMatrixJobs(
  level: Level,
  job: JobDefinition,
  scope: Scope,
  runCalled: (matrixJob: MatrixJob) => Promise<JobOutcome>,
): Promise<JobOutcome> {
  const strategy = readStrategy(job, scope);
  const failFast = new AbortController();
  const outer = [outlivesCancellation(job, scope) ? level.run.services.closing : level.signal];
  const signal = AbortSignal.any([...outer, failFast.signal]);
  const slots = new Slots(strategy.maxParallel);
  const outputs: Record<string, string> = {};
  const outcomes = await Promise.all(
    strategy.combinations.map((matrix, index) =>
      slots.use(async () => {
        const matrixJob = makeMatrixJob(job, scope, signal, strategy, matrix, index);
        const outcome = await runMatrixJob(level, job, matrixJob, runCalled);
        for (const [name, value] of Object.entries(outcome.outputs)) {
          if (value !== '' || outputs[name] === undefined) {
            outputs[name] = value;
          }
        }
        if (outcome.result === 'failure' && strategy.failFast) {
          failFast.abort();
        }
        return outcome;
      }),
    ),
  );
  const isKept = outcomes.every((outcome) => outcome.isKept);
  return { result: overall(outcomes.map(({ result }) => result)), outputs, isKept };
}

/**
 * When a run is cancelled, GitHub evaluates `if` of the jobs that run once more, and lets those go on that still hold,
 * such as those with `always()`.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-cancellation
 */
function outlivesCancellation(job: JobDefinition, scope: Scope): boolean {
  return evaluateCondition(job.if, { ...scope, status: { success: false, failure: false, cancelled: true } });
}

interface Strategy {
  combinations: (JsonObject | undefined)[];
  failFast: boolean;
  maxParallel: number;
}

function readStrategy(job: JobDefinition, scope: Scope): Strategy {
  const matrix = child(job.strategy, 'matrix');
  const failFast = child(job.strategy, 'fail-fast');
  const parallel = child(job.strategy, 'max-parallel');
  const combinations = matrix === undefined ? [undefined] : expandMatrix(evaluate(matrix, scope));
  return {
    combinations,
    failFast: failFast === undefined || truthy(evaluate(failFast, scope)),
    maxParallel: parallel === undefined ? combinations.length : Math.max(Number(evaluate(parallel, scope)), 1),
  };
}

function makeMatrixJob(
  job: JobDefinition,
  scope: Scope,
  signal: AbortSignal,
  strategy: Strategy,
  matrix: JsonObject | undefined,
  index: number,
): MatrixJob {
  const contexts: JsonObject = {
    ...scope.contexts,
    matrix: matrix ?? null,
    strategy: {
      'fail-fast': strategy.failFast,
      'job-index': index,
      'job-total': strategy.combinations.length,
      'max-parallel': strategy.maxParallel,
    },
  };
  const { status, ...rest } = { ...scope, contexts };
  const plain = job.name === undefined ? job.id : evaluateToText(job.name, rest);
  const label = matrix === undefined || (job.name !== undefined && plain !== job.id) ? '' : ` (${matrixLabel(matrix)})`;
  return { name: `${plain}${label}`, scope: rest, signal, evaluate: (node) => evaluate(node, rest) };
}

async function runMatrixJob(
  level: Level,
  job: JobDefinition,
  matrixJob: MatrixJob,
  runCalled: (matrixJob: MatrixJob) => Promise<JobOutcome>,
): Promise<JobOutcome> {
  const { run } = level;
  const name = [...level.names, matrixJob.name].join(' / ');
  const kept = await keptJob(level, job.id, name);
  if (kept !== undefined) {
    return kept;
  }
  const info = { key: run.nextKey(), name };
  const cancel = new AbortController();
  const signal = AbortSignal.any([matrixJob.signal, cancel.signal]);
  const leave = await enterGroup(level, job, matrixJob, info, cancel, signal);
  if (leave === undefined || signal.aborted) {
    leave?.();
    return await recordNotRun(level, job, info, 'cancelled');
  }
  try {
    const inner = { ...matrixJob, signal };
    if (job.body.kind === 'call') {
      return await runCalled(inner);
    }
    return await runInEnvironment(level, job, job.body, inner, info);
  } finally {
    leave();
  }
}

/** Waits for the turn in the job's concurrency groups: its own, and that of a workflow it calls. */
async function enterGroup(
  level: Level,
  job: JobDefinition,
  matrixJob: MatrixJob,
  info: { key: string; name: string },
  cancel: AbortController,
  signal: AbortSignal,
): Promise<(() => void) | undefined> {
  const { run } = level;
  const called = level.loaded.calls.get(job.id);
  const calledInputs = called === undefined ? {} : { inputs: calledInputsOf(job, matrixJob) };
  const groups: [Node | undefined, Scope][] = [
    [job.concurrency, matrixJob.scope],
    [called?.workflow.concurrency, { contexts: { ...matrixJob.scope.contexts, ...calledInputs } }],
  ];
  const leaves: (() => void)[] = [];
  const leaveAll = () => {
    for (const leave of leaves.reverse()) {
      leave();
    }
  };
  for (const [node, scope] of groups) {
    if (node === undefined) {
      continue;
    }
    const setting = readConcurrency(node, scope);
    const holder = { runId: run.info.id, cancel: () => cancel.abort() };
    const onWait = () =>
      run.services.emit({
        type: 'job-waiting',
        run: run.info,
        job: info,
        reason: `Waiting for concurrency group "${setting.group}"`,
      });
    const leave = await run.services.concurrency.enter(run.event.repository, setting, holder, signal, onWait);
    if (leave === undefined) {
      leaveAll();
      return undefined;
    }
    leaves.push(leave);
  }
  return leaveAll;
}

function calledInputsOf(job: JobDefinition, matrixJob: MatrixJob): JsonObject {
  const { body } = job;
  const value = body.kind === 'call' && body.with !== undefined ? matrixJob.evaluate(body.with) : {};
  return isObject(value) ? value : {};
}

/**
 * Runs a job's steps with what its environment gives; a job whose environment does not admit the run's ref fails before
 * it starts.
 */
async function runInEnvironment(
  level: Level,
  job: JobDefinition,
  body: StepsBody,
  matrixJob: MatrixJob,
  info: { key: string; name: string },
): Promise<JobOutcome> {
  const { services, event, info: about } = level.run;
  const environment = environmentOf(job, matrixJob);
  if (environment === undefined) {
    return await runSteps(level, job, body, matrixJob, info);
  }
  const { repository, ref, sha } = event;
  const entered = await services.host.enterEnvironment({ repository, environment, ref, sha, runId: about.id });
  if (entered.refused !== undefined) {
    return await recordNotRun(level, job, info, 'failure', [{ level: 'error', message: entered.refused }]);
  }
  const secrets = level.inherits && !event.untrusted ? { ...level.secrets, ...entered.secrets } : level.secrets;
  const vars = { ...level.run.vars, ...(event.untrusted ? {} : entered.vars) };
  const scope = { ...matrixJob.scope, contexts: { ...matrixJob.scope.contexts, vars } };
  const inside = { ...matrixJob, scope, evaluate: (node: Node) => evaluate(node, scope) };
  const outcome = await runSteps({ ...level, secrets }, job, body, inside, info);
  await entered.leave(outcome.result);
  return outcome;
}

/** The name of a job's environment; `undefined` where it names none. */
function environmentOf(job: JobDefinition, matrixJob: MatrixJob): string | undefined {
  const node = child(job.environment, 'name') ?? job.environment;
  const name = node === undefined ? '' : coerceText(matrixJob.evaluate(node));
  return name === '' ? undefined : name;
}

async function runSteps(
  level: Level,
  job: JobDefinition,
  body: StepsBody,
  matrixJob: MatrixJob,
  info: { key: string; name: string },
): Promise<JobOutcome> {
  const { run, loaded } = level;
  const { services } = run;
  checkRunner(body, matrixJob);
  const requested = jobPermissions(loaded.workflow, job, level.ceiling);
  const permissions = run.event.untrusted ? readOnly(requested) : requested;
  const granted = Object.entries(permissions).filter(
    (entry): entry is [string, 'read' | 'write'] => entry[1] !== 'none',
  );
  const token = services.host.issueToken({
    actor: 'github-actions[bot]',
    repositories: [run.event.repository],
    permissions: { metadata: 'read', ...Object.fromEntries(granted) },
    startsWorkflows: false,
  });
  const secrets = { ...level.secrets, GITHUB_TOKEN: token };
  const contexts = { ...matrixJob.scope.contexts, secrets };
  const workflowEnv = evaluateMap(loaded.workflow.env, { contexts });
  const env = { ...workflowEnv, ...evaluateMap(job.env, { contexts: { ...contexts, env: workflowEnv } }) };
  const check = {
    repository: run.event.repository,
    sha: run.event.checkSha,
    name: info.name,
    key: `${run.info.id}-${run.info.attempt}-${info.key}`,
    runId: run.info.id,
  };
  const result = await services.slots.use(async () => {
    await services.reportCheck(check);
    return await runStepsJob({
      plan: {
        run,
        level: loaded,
        id: job.id,
        info,
        contexts,
        env,
        token,
        permissions,
        secrets: level.secrets,
        defaults: readDefaults(loaded.workflow.defaults, body.defaults, { contexts: { ...contexts, env } }),
      },
      path: [...level.path, job.id].join('/'),
      steps: body.steps,
      timeoutMinutes:
        job.timeoutMinutes === undefined ? longestMinutes : Number(matrixJob.evaluate(job.timeoutMinutes)),
      signal: matrixJob.signal,
      ...(job.outputs === undefined ? {} : { outputs: job.outputs }),
    });
  });
  await services.reportCheck({ ...check, conclusion: result.conclusion });
  const tolerated = job.continueOnError !== undefined && truthy(matrixJob.evaluate(job.continueOnError));
  const conclusion = result.conclusion === 'failure' && tolerated ? 'success' : result.conclusion;
  return remember(level, result, job.id, { result: conclusion, outputs: result.outputs, isKept: false });
}

/** @throws Unsupported for any runner but GitHub's Ubuntu ones, the only ones that this machine can stand in for */
function checkRunner(body: StepsBody, matrixJob: MatrixJob): void {
  const value = matrixJob.evaluate(body.runsOn);
  const labels = Array.isArray(value) ? value.map(coerceText) : isObject(value) ? [] : [coerceText(value)];
  if (isObject(value)) {
    throw new Unsupported('A "runs-on" with a group', body.runsOn.place);
  }
  const foreign = labels.find(
    (label) => !/^(ubuntu-(latest|slim|\d\d\.\d\d)(-arm)?|self-hosted|linux|x64|arm64)$/i.test(label),
  );
  if (labels.length === 0) {
    throw new RunError('"runs-on" names no label.', body.runsOn.place);
  }
  if (foreign !== undefined) {
    throw new Unsupported(`"runs-on: ${foreign}"`, body.runsOn.place);
  }
}

function readDefaults(workflow: Node | undefined, job: Node | undefined, scope: Scope) {
  const defaults: { shell?: string; workingDirectory?: string } = {};
  for (const node of [child(workflow, 'run'), child(job, 'run')]) {
    const shell = child(node, 'shell');
    const folder = child(node, 'working-directory');
    if (shell !== undefined) {
      defaults.shell = evaluateToText(shell, scope);
    }
    if (folder !== undefined) {
      defaults.workingDirectory = evaluateToText(folder, scope);
    }
  }
  return defaults;
}
