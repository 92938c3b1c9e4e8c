/** Composite actions: steps inside a step. */
import type { ActionFile, CompositeRuns } from './action.js';
import { evaluateToText } from './expressions.js';
import type { Frame, JobRun } from './job-run.js';
import type { Origin } from './load.js';
import type { ActionCall, StepRunOutcome } from './step-outcome.js';
import { runNestedStep } from './steps.js';

/** How deep composite actions may use each other (GitHub's limit). */
const deepest = 10;

/** Runs the steps of a composite action and evaluates its outputs. */
export async function runComposite(
  job: JobRun,
  frame: Frame,
  call: ActionCall & { runs: CompositeRuns; file: ActionFile; origin: Origin; depth: number },
  signal: AbortSignal,
): Promise<StepRunOutcome> {
  if (call.depth > deepest) {
    throw new Error(`Composite action depth exceeded max depth ${deepest}.`);
  }
  const inner: Frame = {
    steps: {},
    origin: call.origin,
    env: { ...frame.env, ...call.env },
    failed: false,
    composite: {
      inputs: call.inputs,
      github: { ...frame.composite?.github, ...call.github, action_path: call.folder, action_status: 'success' },
    },
  };
  for (const definition of call.runs.steps) {
    const result = await runNestedStep(job, inner, definition, call.depth + 1, signal);
    if (result === 'failure') {
      inner.failed = true;
    }
  }
  const outputs: Record<string, string> = {};
  for (const [name, value] of call.file.outputs) {
    outputs[name] = value === undefined ? '' : evaluateToText(value, job.scope(inner));
  }
  return { failed: inner.failed, outputs };
}
