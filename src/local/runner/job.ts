/** A job with steps, from its folders to its result. */

import type { Conclusion, JobResult } from './events.js';
import { evaluateMap } from './expressions.js';
import { annotateError } from './job-errors.js';
import { type JobPlan, JobRun } from './job-run.js';
import { runJobStep, runPreSteps } from './steps.js';
import type { Node } from './tree.js';
import type { StepDefinition } from './workflow.js';

export interface StepsJob {
  plan: JobPlan;
  /** The job's id with its callers' ids: `release/tag`. */
  path: string;
  steps: StepDefinition[];
  outputs?: Node;
  timeoutMinutes: number;
  /** Aborted when the run is cancelled, or when another job of the matrix failed. */
  signal: AbortSignal;
}

/** Runs a job. Never throws: errors are annotations in the result. */
export async function runStepsJob(spec: StepsJob): Promise<JobResult> {
  const started = performance.now();
  const job = new JobRun(spec.plan);
  const { services } = spec.plan.run;
  job.emit({ type: 'job-started' });
  const cancel = () => job.cancel.abort();
  spec.signal.addEventListener('abort', cancel, { once: true });
  const kill = () => job.kill.abort();
  services.closing.addEventListener('abort', kill, { once: true });
  if (spec.signal.aborted) {
    cancel();
  }
  if (services.closing.aborted) {
    kill();
  }
  const timer = setTimeout(() => {
    const message = `The job has exceeded the maximum execution time of ${spec.timeoutMinutes}m0s`;
    job.annotate({ level: 'error', message });
    job.top.failed = true;
    job.kill.abort();
  }, spec.timeoutMinutes * 60_000).unref();
  let outputs: Record<string, string> = {};
  try {
    await job.open();
    if (await setUp(job, spec.steps)) {
      for (const step of spec.steps) {
        await runJobStep(job, step);
      }
    }
    await runPosts(job);
    outputs = jobOutputs(job, spec.outputs);
  } catch (error) {
    annotateError(job, error);
    job.top.failed = true;
  } finally {
    clearTimeout(timer);
    spec.signal.removeEventListener('abort', cancel);
    services.closing.removeEventListener('abort', kill);
    await job.close();
  }
  const conclusion: Conclusion = job.top.failed ? 'failure' : job.cancelled ? 'cancelled' : 'success';
  const durationMs = Math.round(performance.now() - started);
  if (job.summary !== '') {
    job.emit({ type: 'summary', markdown: job.summary });
  }
  job.emit({ type: 'job-finished', conclusion, durationMs });
  services.host.revokeToken?.(spec.plan.token);
  const { annotations, results: steps, summary } = job;
  return { id: spec.path, name: spec.plan.info.name, conclusion, outputs, steps, annotations, summary, durationMs };
}

/** Prints the start of the job's log and runs the `pre` of its actions. @returns whether the steps may run */
async function setUp(job: JobRun, steps: StepDefinition[]): Promise<boolean> {
  const { machine } = job.plan.run.services;
  const started = performance.now();
  const step = { number: 1, name: 'Set up job' };
  job.current = step;
  job.emit({ type: 'step-started', step });
  if (machine.announcement !== undefined) {
    job.log(machine.announcement);
  }
  if (job.plan.run.event.untrusted) {
    job.log('The pull request comes from a fork: no secrets, no variables, and a token that only reads.');
  }
  let conclusion: Conclusion = 'success';
  const permissions = Object.entries(job.plan.permissions).map(([name, level]) => `${name}: ${level}`);
  job.group('GITHUB_TOKEN Permissions', permissions);
  job.emit({ type: 'step-finished', step, conclusion, durationMs: Math.round(performance.now() - started) });
  try {
    await runPreSteps(job, steps);
  } catch (error) {
    annotateError(job, error);
    conclusion = 'failure';
  }
  job.top.failed ||= conclusion === 'failure';
  return conclusion === 'success';
}

async function runPosts(job: JobRun): Promise<void> {
  for (const post of job.posts.reverse()) {
    if (job.plan.run.services.closing.aborted || !post.shouldRun()) {
      continue;
    }
    const started = performance.now();
    const step = { number: job.current.number + 1, name: post.name };
    job.current = step;
    job.emit({ type: 'step-started', step });
    let conclusion: Conclusion = 'success';
    try {
      conclusion = await post.run();
    } catch (error) {
      annotateError(job, error);
      conclusion = 'failure';
    }
    const durationMs = Math.round(performance.now() - started);
    job.results.push({ name: post.name, outcome: conclusion, conclusion, outputs: {}, durationMs });
    job.emit({ type: 'step-finished', step, conclusion, durationMs });
    job.top.failed ||= conclusion === 'failure';
  }
}

/** The job's outputs, without those that contain a secret, as on GitHub. */
function jobOutputs(job: JobRun, node: Node | undefined): Record<string, string> {
  const outputs: Record<string, string> = {};
  for (const [name, value] of Object.entries(evaluateMap(node, job.scope(job.top)))) {
    if (job.masker.hides(value)) {
      job.annotate({ level: 'warning', message: `Skip output '${name}' since it may contain secret.` });
    } else {
      outputs[name] = value;
    }
  }
  return outputs;
}
