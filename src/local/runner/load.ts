/** Reads and checks a workflow, with every reusable workflow it calls, before anything runs, as GitHub does. */
import { RunError } from './errors.js';
import { checkCeiling, defaultPermissions, type Permissions, readPermissions } from './permissions.js';
import type { Sources } from './sources.js';
import { child, entries, text } from './tree.js';
import { parseUses } from './uses.js';
import { type CallBody, type JobDefinition, readWorkflow, type WorkflowFile } from './workflow.js';

/** The commit that a file is from. */
export interface Origin {
  repository: string;
  ref: string;
  sha: string;
}

export interface LoadedWorkflow {
  workflow: WorkflowFile;
  origin: Origin;
  /** Job id to the workflow it calls. */
  calls: Map<string, LoadedWorkflow>;
}

/** How deep calls may go: the top workflow and nine below it (GitHub, since November 2025). */
const deepest = 10;

/**
 * Reads a workflow of a repository at a commit, and what it calls.
 *
 * @throws InvalidFile, RunError or Unsupported for the first problem
 */
export async function loadWorkflow(sources: Sources, origin: Origin, file: string): Promise<LoadedWorkflow> {
  const source = await sources.read(origin.repository, origin.sha, file);
  if (source === undefined) {
    throw new RunError(`${origin.repository} has no file "${file}" at ${origin.ref}.`);
  }
  return await loadCalls(
    sources,
    { workflow: await readWorkflow(source, file), origin, calls: new Map() },
    undefined,
    1,
  );
}

/** Permissions of a job's token: those of the job, else of its workflow, else of its caller, else the default. */
export function jobPermissions(
  workflow: WorkflowFile,
  job: JobDefinition,
  ceiling: Permissions | undefined,
): Permissions {
  return readPermissions(job.permissions) ?? readPermissions(workflow.permissions) ?? ceiling ?? defaultPermissions;
}

async function loadCalls(
  sources: Sources,
  loaded: LoadedWorkflow,
  ceiling: Permissions | undefined,
  depth: number,
): Promise<LoadedWorkflow> {
  const { workflow, origin } = loaded;
  for (const job of workflow.jobs.values()) {
    if (job.body.kind !== 'call') {
      continue;
    }
    if (depth === deepest) {
      throw new RunError(`job "${job.id}": too many nested workflow calls, at most ${deepest} levels.`, job.place);
    }
    const called = await loadCalled(sources, origin, job, job.body);
    const allowed = jobPermissions(workflow, job, ceiling);
    checkCall(called.workflow, job, job.body, allowed);
    loaded.calls.set(job.id, await loadCalls(sources, called, allowed, depth + 1));
  }
  return loaded;
}

async function loadCalled(sources: Sources, from: Origin, job: JobDefinition, body: CallBody): Promise<LoadedWorkflow> {
  const reference = parseUses(body.uses, job.place);
  const fail = (reason: string) => new RunError(`error parsing called workflow "${body.uses}": ${reason}`, job.place);
  let origin = from;
  if (reference.kind === 'remote') {
    const { repository, ref } = reference;
    if (!sources.has(repository)) {
      throw fail(`the local stage has no repository "${repository}". Serve it with --repo ${repository}=FOLDER.`);
    }
    const sha = await sources.resolve(repository, ref);
    if (sha === undefined) {
      throw fail(`${repository} has no branch, tag or commit "${ref}".`);
    }
    const tag = (await sources.resolve(repository, `refs/tags/${ref}`)) !== undefined;
    origin = { repository, sha, ref: ref === sha ? sha : `refs/${tag ? 'tags' : 'heads'}/${ref}` };
  }
  if (!/^\.github\/workflows\/[^/]+\.ya?ml$/.test(reference.path)) {
    throw fail('references to workflows must be a .yml or .yaml file directly in .github/workflows.');
  }
  const source = await sources.read(origin.repository, origin.sha, reference.path);
  if (source === undefined) {
    throw fail(`workflow was not found in ${origin.repository} at ${origin.sha}.`);
  }
  const file = origin === from ? reference.path : `${origin.repository}/${reference.path}`;
  const workflow = await readWorkflow(source, file);
  if (!workflow.on.has('workflow_call')) {
    throw fail('workflow is not reusable as it is missing a `on.workflow_call` trigger.');
  }
  return { workflow: { ...workflow, file: reference.path }, origin, calls: new Map() };
}

/** Checks a call without evaluating it: names of inputs and secrets, and permissions. @throws RunError */
function checkCall(called: WorkflowFile, job: JobDefinition, body: CallBody, allowed: Permissions): void {
  const trigger = called.on.get('workflow_call');
  const refuse = (sentence: string) => new RunError(`error calling workflow "${body.uses}": ${sentence}`, job.place);
  for (const [kind, given, inherited] of [
    ['input', body.with, false],
    ['secret', body.secrets, text(body.secrets) === 'inherit'],
  ] as const) {
    const declared = new Map(entries(child(trigger, `${kind}s`)));
    const names = entries(given).map(([name]) => name);
    const unknown = names.find((name) => !declared.has(name));
    if (unknown !== undefined) {
      throw refuse(`Invalid ${kind}, ${unknown} is not defined in the referenced workflow.`);
    }
    for (const [name, node] of inherited ? [] : declared) {
      if (text(child(node, 'required')) === 'true' && !names.includes(name)) {
        throw refuse(`${kind === 'input' ? 'Input' : 'Secret'} ${name} is required, but not provided while calling.`);
      }
    }
  }
  for (const nested of called.jobs.values()) {
    const requested = readPermissions(nested.permissions) ?? readPermissions(called.permissions);
    if (requested !== undefined) {
      checkCeiling(requested, allowed, nested.id, body.uses);
    }
  }
}
