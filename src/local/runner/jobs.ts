/** Runs the jobs of a workflow, and of the workflows it calls, in the order that `needs` asks for. */

import { githubContext } from './contexts.js';
import { messageOf, RunError } from './errors.js';
import type { Conclusion } from './events.js';
import { evaluateCondition, evaluateMap, type Scope, type Status } from './expressions.js';
import { type JobOutcome, overall } from './job-outcome.js';
import type { JsonObject } from './json.js';
import type { Level } from './level.js';
import { jobPermissions } from './load.js';
import { type MatrixJob, runMatrixJobs } from './matrix-jobs.js';
import { recordNotRun } from './not-run.js';
import { child, entries, text } from './tree.js';
import type { JobDefinition } from './workflow.js';
import { callInputs } from './workflow-inputs.js';

/** Runs all jobs of a workflow. @returns outcome by job id */
export async function runJobs(level: Level): Promise<Map<string, JobOutcome>> {
  const { jobs } = level.loaded.workflow;
  const started = new Map<string, Promise<JobOutcome>>();
  const done = new Map<string, JobOutcome>();
  const start = (id: string): Promise<JobOutcome> => {
    const known = started.get(id);
    if (known !== undefined) {
      return known;
    }
    const definition = jobs.get(id);
    if (definition === undefined) {
      throw new RunError(`Job "${id}" does not exist.`);
    }
    const outcome = (async () => {
      await Promise.all(definition.needs.map(start));
      const result = await runJob(level, definition, done);
      done.set(id, result);
      return result;
    })();
    started.set(id, outcome);
    return outcome;
  };
  await Promise.all([...jobs.keys()].map(start));
  return done;
}

async function runJob(outer: Level, job: JobDefinition, done: Map<string, JobOutcome>): Promise<JobOutcome> {
  const mayKeep = outer.mayKeep && job.needs.every((id) => done.get(id)?.isKept === true);
  const level = { ...outer, mayKeep };
  const scope = jobScope(level, job, done);
  try {
    if (level.run.services.closing.aborted || !evaluateCondition(job.if, scope)) {
      return await skip(level, job, level.signal.aborted ? 'cancelled' : 'skipped');
    }
    return await runMatrixJobs(level, job, scope, (matrixJob) => runCalled(level, job, matrixJob));
  } catch (error) {
    level.run.annotations.push({ level: 'error', message: messageOf(error) });
    level.run.services.emit({
      type: 'annotation',
      run: level.run.info,
      annotation: { level: 'error', message: messageOf(error) },
    });
    return await skip(level, job, 'failure');
  }
}

/** Records a job that does not run, under its `name` if that holds no expression. */
async function skip(level: Level, job: JobDefinition, conclusion: Conclusion): Promise<JobOutcome> {
  const literal = text(job.name);
  const name = literal === undefined || literal.includes('${{') ? job.id : literal;
  const info = { key: level.run.nextKey(), name: [...level.names, name].join(' / ') };
  return await recordNotRun(level, job, info, conclusion);
}

/** The scope of the expressions in a job's own keys. */
function jobScope(level: Level, job: JobDefinition, done: Map<string, JobOutcome>): Scope {
  const { run } = level;
  const needs: JsonObject = {};
  for (const id of job.needs) {
    const outcome = done.get(id);
    needs[id] = { result: outcome?.result ?? 'skipped', outputs: { ...outcome?.outputs } };
  }
  return {
    contexts: {
      github: githubContext(run.services.host, run.info, run.event),
      inputs: level.inputs,
      needs,
      vars: run.vars,
    },
    status: statusOf(level, job, done),
  };
}

/**
 * `success()` needs the success of all jobs that this one depends on, directly or not, so a skipped job skips what
 * follows it.
 *
 * @see https://docs.github.com/en/actions/how-tos/write-workflows/choose-what-workflows-do/use-jobs#defining-prerequisite-jobs
 */
function statusOf(level: Level, job: JobDefinition, done: Map<string, JobOutcome>): Status {
  const ancestors = new Set<string>();
  const collect = (ids: string[]) => {
    for (const id of ids.filter((one) => !ancestors.has(one))) {
      ancestors.add(id);
      collect(level.loaded.workflow.jobs.get(id)?.needs ?? []);
    }
  };
  collect(job.needs);
  const results = [...ancestors].map((id) => done.get(id)?.result);
  const cancelled = level.signal.aborted;
  return {
    success: !cancelled && results.every((result) => result === 'success'),
    failure: !cancelled && results.includes('failure'),
    cancelled,
  };
}

/** Runs the workflow that a job calls; its outputs become the job's. */
async function runCalled(level: Level, job: JobDefinition, matrixJob: MatrixJob): Promise<JobOutcome> {
  const loaded = level.loaded.calls.get(job.id);
  const { body } = job;
  if (loaded === undefined || body.kind !== 'call') {
    throw new RunError(`Job "${job.id}" calls no workflow.`, job.place);
  }
  const { run } = level;
  const trigger = loaded.workflow.on.get('workflow_call');
  const given: JsonObject = {};
  for (const [name, node] of entries(body.with)) {
    given[name] = matrixJob.evaluate(node);
  }
  const { github = {}, vars = {} } = matrixJob.scope.contexts;
  const called: Level = {
    run,
    loaded,
    inputs: callInputs(trigger, given, { contexts: { github, vars } }, `error calling workflow "${body.uses}"`),
    secrets: calledSecrets(level, job, matrixJob),
    mayKeep: level.mayKeep,
    inherits: level.inherits && text(body.secrets) === 'inherit',
    ceiling: jobPermissions(level.loaded.workflow, job, level.ceiling),
    path: [...level.path, job.id],
    names: [...level.names, matrixJob.name],
    signal: matrixJob.signal,
  };
  const outcomes = await runJobs(called);
  const results = [...outcomes.values()].map((outcome) => outcome.result);
  const outputScope: Scope = {
    contexts: {
      github,
      vars,
      inputs: called.inputs,
      jobs: Object.fromEntries([...outcomes].map(([id, { result, outputs }]) => [id, { result, outputs }])),
    },
  };
  const outputs: Record<string, string> = {};
  for (const [name, node] of entries(child(trigger, 'outputs'))) {
    Object.assign(
      outputs,
      evaluateMap(
        { kind: 'map', place: node.place, entries: new Map([[name, child(node, 'value') ?? node]]) },
        outputScope,
      ),
    );
  }
  return { result: overall(results), outputs, isKept: [...outcomes.values()].every(({ isKept }) => isKept) };
}

/** The secrets that a called workflow sees: all of the caller's, or the ones passed by name. */
function calledSecrets(level: Level, job: JobDefinition, matrixJob: MatrixJob): Record<string, string> {
  const { body } = job;
  if (body.kind !== 'call' || body.secrets === undefined) {
    return {};
  }
  if (text(body.secrets) === 'inherit') {
    return level.secrets;
  }
  const scope = { ...matrixJob.scope, contexts: { ...matrixJob.scope.contexts, secrets: level.secrets } };
  const secrets = evaluateMap(body.secrets, scope);
  // A secret that the caller does not have arrives as one that is not set.
  return Object.fromEntries(Object.entries(secrets).filter(([, value]) => value !== ''));
}
