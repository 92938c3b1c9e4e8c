/** JavaScript actions: `pre`, `main` and `post` as processes of the machine's Node.js. */
import { join } from 'node:path';
import type { JavaScriptRuns } from './action.js';
import { evaluateCondition } from './expressions.js';
import type { Frame, JobRun } from './job-run.js';
import type { ActionCall, StepRunOutcome } from './step-outcome.js';
import { runStepProcess } from './step-process.js';

/** Runs the `main` of an action and schedules its `post` for the end of the job. */
export async function runJavaScript(
  job: JobRun,
  frame: Frame,
  call: ActionCall & { runs: JavaScriptRuns },
  signal: AbortSignal,
): Promise<StepRunOutcome> {
  const state = call.state;
  schedulePost(job, frame, call);
  const outcome = await runEntry(job, frame, call, call.runs.main, signal);
  Object.assign(state, outcome.state);
  return outcome;
}

/** Runs the `pre` of an action, before any step of the job. */
export async function runPre(
  job: JobRun,
  frame: Frame,
  call: ActionCall & { runs: JavaScriptRuns },
  signal: AbortSignal,
): Promise<StepRunOutcome | undefined> {
  const { pre, preIf } = call.runs;
  if (pre === undefined || (preIf !== undefined && !evaluateCondition(preIf, job.scope(frame)))) {
    return undefined;
  }
  const outcome = await runEntry(job, frame, call, pre, signal);
  Object.assign(call.state, outcome.state);
  return outcome;
}

function schedulePost(job: JobRun, frame: Frame, call: ActionCall & { runs: JavaScriptRuns }): void {
  const { post, postIf } = call.runs;
  if (post === undefined) {
    return;
  }
  job.posts.push({
    name: `Post ${call.title}`,
    shouldRun: () => postIf === undefined || evaluateCondition(postIf, job.scope(job.top)),
    async run() {
      const outcome = await runEntry(job, frame, call, post, job.kill.signal);
      return outcome.failed ? 'failure' : 'success';
    },
  });
}

async function runEntry(
  job: JobRun,
  frame: Frame,
  call: ActionCall,
  entry: string,
  signal: AbortSignal,
): Promise<StepRunOutcome & { state: Record<string, string> }> {
  const state = Object.entries(call.state).map(([name, value]) => [`STATE_${name}`, value]);
  const { node, nodeArguments, reusesNode = false } = job.plan.run.services.machine;
  const result = await runStepProcess(job, frame, {
    command: node,
    args: [...nodeArguments, join(call.folder, entry)],
    cwd: job.folders.workspace,
    options: reusesNode ? nodeArguments.length : undefined,
    env: { ...call.env, ...inputVariables(call.inputs), ...Object.fromEntries(state) },
    github: call.github,
    signal,
  });
  return { failed: result.exitCode !== 0 || result.refused, outputs: result.outputs, state: result.state };
}

/** `INPUT_*`: upper case, spaces become `_`, hyphens stay. */
function inputVariables(inputs: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value]),
  );
}
