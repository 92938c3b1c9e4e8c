/** Runs steps of jobs and of composite actions: conditions, variables, timeouts, `continue-on-error`. */
import type { ActionFile } from './action.js';
import { type FoundAction, findAction } from './actions.js';
import { runComposite } from './composite.js';
import type { Conclusion, StepResult } from './events.js';
import { evaluate, evaluateCondition, evaluateMap, evaluateToText, truthy } from './expressions.js';
import { runJavaScript, runPre } from './javascript.js';
import { annotateError } from './job-errors.js';
import { type Frame, type JobRun, stepTitle } from './job-run.js';
import { environmentLines, runScript } from './shell.js';
import { runStandIn } from './standins/index.js';
import type { ActionCall, StepRunOutcome } from './step-outcome.js';
import type { StepDefinition } from './workflow.js';

interface StepOutcome {
  outcome: Conclusion;
  conclusion: Conclusion;
  outputs: Record<string, string>;
}

/** Runs one step of a job, from its condition to its result. */
export async function runJobStep(job: JobRun, definition: StepDefinition): Promise<void> {
  const frame = job.top;
  const started = performance.now();
  const title = masked(job, () => stepTitle(definition, (node) => evaluateToText(node, job.scope(frame))));
  const step = { number: job.current.number + 1, name: title };
  job.current = step;
  const signal = job.cancelled ? job.kill.signal : AbortSignal.any([job.cancel.signal, job.kill.signal]);
  const done = await runStep(job, frame, definition, {
    depth: 1,
    signal,
    onStart: () => job.emit({ type: 'step-started', step }),
  });
  const durationMs = Math.round(performance.now() - started);
  const result: StepResult = { name: title, ...done, durationMs };
  if (definition.id !== undefined) {
    result.id = definition.id;
  }
  job.results.push(result);
  job.emit({ type: 'step-finished', step, conclusion: done.conclusion, durationMs });
  if (done.conclusion === 'failure') {
    frame.failed = true;
  }
}

/** Runs one step of a composite action; its lines belong to the step that uses the action. */
export async function runNestedStep(
  job: JobRun,
  frame: Frame,
  definition: StepDefinition,
  depth: number,
  parent: AbortSignal,
): Promise<Conclusion> {
  const signal = job.cancelled ? job.kill.signal : parent;
  return (await runStep(job, frame, definition, { depth, signal, onStart: () => undefined })).conclusion;
}

/** Runs the `pre` of every action that the job's steps use from a repository. */
export async function runPreSteps(job: JobRun, definitions: StepDefinition[]): Promise<void> {
  for (const definition of definitions) {
    const { body } = definition;
    if (body.kind !== 'uses' || body.uses.startsWith('./')) {
      continue;
    }
    const found = await findAction(job, job.top, body.uses, definition.place);
    if (found.kind === 'stand-in' || found.file.runs.kind !== 'javascript' || found.file.runs.pre === undefined) {
      continue;
    }
    const step = { number: job.current.number + 1, name: `Pre Run ${body.uses}` };
    job.current = step;
    const started = performance.now();
    job.emit({ type: 'step-started', step });
    const call = actionCall(job, job.top, definition, found, {});
    job.preStates.set(definition, call.state);
    const outcome = await runPre(job, job.top, { ...call, runs: found.file.runs }, job.kill.signal);
    const conclusion = outcome?.failed === true ? 'failure' : 'success';
    job.top.failed ||= conclusion === 'failure';
    const durationMs = Math.round(performance.now() - started);
    job.results.push({ name: step.name, outcome: conclusion, conclusion, outputs: {}, durationMs });
    job.emit({ type: 'step-finished', step, conclusion, durationMs });
  }
}

interface StepOptions {
  depth: number;
  signal: AbortSignal;
  onStart(): void;
}

async function runStep(
  job: JobRun,
  frame: Frame,
  definition: StepDefinition,
  options: StepOptions,
): Promise<StepOutcome> {
  let done: StepOutcome = { outcome: 'skipped', conclusion: 'skipped', outputs: {} };
  try {
    const env = evaluateMap(definition.env, job.scope(frame));
    const scope = job.scope(frame, env);
    if (!job.plan.run.services.closing.aborted && evaluateCondition(definition.if, scope)) {
      options.onStart();
      done = await runBody(job, frame, definition, env, options);
      const tolerated = definition.continueOnError;
      if (done.outcome === 'failure' && tolerated !== undefined && truthy(evaluate(tolerated, job.scope(frame, env)))) {
        done.conclusion = 'success';
      }
    }
  } catch (error) {
    annotateError(job, error);
    done = { outcome: 'failure', conclusion: 'failure', outputs: {} };
  }
  if (definition.id !== undefined) {
    frame.steps[definition.id] = { outputs: done.outputs, outcome: done.outcome, conclusion: done.conclusion };
  }
  return done;
}

async function runBody(
  job: JobRun,
  frame: Frame,
  definition: StepDefinition,
  env: Record<string, string>,
  options: StepOptions,
): Promise<StepOutcome> {
  const scope = job.scope(frame, env);
  const minutes =
    definition.timeoutMinutes === undefined ? undefined : Number(evaluate(definition.timeoutMinutes, scope));
  const timeout = new AbortController();
  const timer =
    minutes === undefined ? undefined : setTimeout(() => timeout.abort(), Math.max(minutes, 0) * 60_000).unref();
  const signal = AbortSignal.any([options.signal, timeout.signal]);
  let result: StepRunOutcome;
  try {
    result = await dispatch(job, frame, definition, env, { ...options, signal });
  } catch (error) {
    annotateError(job, error);
    result = { failed: true, outputs: {} };
  } finally {
    clearTimeout(timer);
  }
  if (timeout.signal.aborted) {
    job.annotate({
      level: 'error',
      message: `The action '${job.current.name}' has timed out after ${minutes} minutes.`,
    });
    result.failed = true;
  }
  const cancelled = options.signal.aborted && !timeout.signal.aborted;
  const outcome = cancelled ? 'cancelled' : result.failed ? 'failure' : 'success';
  return { outcome, conclusion: outcome, outputs: result.outputs };
}

async function dispatch(
  job: JobRun,
  frame: Frame,
  definition: StepDefinition,
  env: Record<string, string>,
  { depth, signal }: StepOptions,
): Promise<StepRunOutcome> {
  const { body } = definition;
  if (body.kind === 'run') {
    return await runScript(job, frame, { ...definition, body }, env, signal);
  }
  const found = await findAction(job, frame, body.uses, definition.place);
  const call = actionCall(job, frame, definition, found, env);
  job.group(call.title, [
    ...(Object.keys(call.inputs).length === 0 ? [] : ['with:']),
    ...Object.entries(call.inputs).flatMap(([name, value]) => (value === '' ? [] : [`  ${name}: ${value}`])),
    ...environmentLines({ ...job.env, ...frame.env, ...env }),
  ]);
  if (found.kind === 'stand-in') {
    return await runStandIn(job, frame, found.standIn, call, signal);
  }
  const { runs } = found.file;
  return runs.kind === 'javascript'
    ? await runJavaScript(job, frame, { ...call, runs }, signal)
    : await runComposite(job, frame, { ...call, runs, file: found.file, origin: found.origin, depth }, signal);
}

function actionCall(
  job: JobRun,
  frame: Frame,
  definition: StepDefinition,
  found: FoundAction,
  env: Record<string, string>,
): ActionCall {
  const { body } = definition;
  if (body.kind !== 'uses') {
    throw new Error('A step without "uses" uses no action.');
  }
  const given = evaluateMap(body.with, job.scope(frame, env));
  const declared = found.kind === 'stand-in' ? found.standIn.inputs : found.file.inputs;
  const names = new Map([...declared.keys()].map((name) => [name.toLowerCase(), name]));
  const unexpected = Object.keys(given).filter((name) => !names.has(name.toLowerCase()));
  if (unexpected.length > 0 && !job.preStates.has(definition)) {
    const list = (all: string[]) => all.map((name) => `'${name}'`).join(', ');
    job.annotate({
      level: 'warning',
      message: `Unexpected input(s) ${list(unexpected)}, valid inputs are [${list([...declared.keys()])}]`,
    });
  }
  const inputs = found.kind === 'stand-in' ? {} : defaults(job, frame, found.file);
  for (const [name, value] of Object.entries(given)) {
    inputs[names.get(name.toLowerCase()) ?? name] = value;
  }
  return {
    title: `Run ${body.uses}`,
    folder: found.kind === 'stand-in' ? '' : found.folder,
    inputs,
    env,
    github: { action: definition.id ?? `__${body.uses}`, action_repository: found.repository, action_ref: found.ref },
    state: job.preStates.get(definition) ?? {},
  };
}

function defaults(job: JobRun, frame: Frame, file: ActionFile): Record<string, string> {
  const inputs: Record<string, string> = {};
  for (const [name, input] of file.inputs) {
    // Composite actions see every declared input, JavaScript actions only the ones with a value.
    inputs[name] = input.default === undefined ? '' : evaluateToText(input.default, job.scope(frame));
  }
  return inputs;
}

function masked(job: JobRun, title: () => string): string {
  try {
    return job.masker.mask(title());
  } catch {
    return 'Run';
  }
}
