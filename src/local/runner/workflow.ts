/**
 * A parsed workflow file. Values that may hold expressions stay nodes; they are evaluated when they are needed.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
 */

import { type Place, Unsupported } from './errors.js';
import { parseWorkflowFile } from './parse.js';
import { child, entries, type MapNode, mapChild, type Node, text, texts } from './tree.js';

export interface WorkflowFile {
  /** Path in its repository. */
  file: string;
  name: string;
  runName?: Node;
  /** Event name to its filters. */
  on: Map<string, Node | undefined>;
  env?: Node;
  defaults?: Node;
  permissions?: Node;
  concurrency?: Node;
  jobs: Map<string, JobDefinition>;
}

export interface JobDefinition {
  id: string;
  name?: Node;
  needs: string[];
  if?: Node;
  permissions?: Node;
  concurrency?: Node;
  outputs?: Node;
  env?: Node;
  strategy?: Node;
  timeoutMinutes?: Node;
  continueOnError?: Node;
  environment?: Node;
  place: Place;
  body: StepsBody | CallBody;
}

export interface StepsBody {
  kind: 'steps';
  runsOn: Node;
  defaults?: Node;
  steps: StepDefinition[];
}

export interface CallBody {
  kind: 'call';
  uses: string;
  with?: MapNode;
  secrets?: Node;
}

export interface StepDefinition {
  id?: string;
  name?: Node;
  if?: Node;
  env?: Node;
  timeoutMinutes?: Node;
  continueOnError?: Node;
  place: Place;
  body: { kind: 'run'; run: Node; shell?: Node; workingDirectory?: Node } | { kind: 'uses'; uses: string; with?: Node };
}

/** Keys of a job that this runner does not support. */
const unsupportedJobKeys = ['container', 'services', 'snapshot'];

/**
 * Reads and checks a workflow file.
 *
 * @throws InvalidFile when GitHub would refuse it
 * @throws Unsupported for features that this runner does not have
 */
export async function readWorkflow(source: string, file: string): Promise<WorkflowFile> {
  const root = await parseWorkflowFile(source, file);
  const jobs = new Map<string, JobDefinition>();
  for (const [id, node] of entries(child(root, 'jobs'))) {
    jobs.set(id, readJob(id, node));
  }
  return {
    file,
    name: text(child(root, 'name')) ?? file,
    on: readEvents(child(root, 'on')),
    jobs,
    ...optional('runName', child(root, 'run-name')),
    ...optional('env', child(root, 'env')),
    ...optional('defaults', child(root, 'defaults')),
    ...optional('permissions', child(root, 'permissions')),
    ...optional('concurrency', child(root, 'concurrency')),
  };
}

function readEvents(on: Node | undefined): Map<string, Node | undefined> {
  if (on?.kind === 'map') {
    return new Map(on.entries);
  }
  return new Map(texts(on).map((event) => [event, undefined]));
}

function readJob(id: string, node: Node): JobDefinition {
  for (const key of unsupportedJobKeys) {
    const found = child(node, key);
    if (found !== undefined) {
      throw new Unsupported(`"${key}" of job "${id}"`, found.place);
    }
  }
  return {
    id,
    needs: texts(child(node, 'needs')),
    place: node.place,
    body: readBody(node),
    ...optional('name', child(node, 'name')),
    ...optional('if', child(node, 'if')),
    ...optional('permissions', child(node, 'permissions')),
    ...optional('concurrency', child(node, 'concurrency')),
    ...optional('outputs', child(node, 'outputs')),
    ...optional('env', child(node, 'env')),
    ...optional('strategy', child(node, 'strategy')),
    ...optional('timeoutMinutes', child(node, 'timeout-minutes')),
    ...optional('continueOnError', child(node, 'continue-on-error')),
    ...optional('environment', child(node, 'environment')),
  };
}

function readBody(node: Node): StepsBody | CallBody {
  const uses = text(child(node, 'uses'));
  if (uses !== undefined) {
    return {
      kind: 'call',
      uses,
      ...optional('with', mapChild(node, 'with')),
      ...optional('secrets', child(node, 'secrets')),
    };
  }
  const steps = child(node, 'steps');
  return {
    kind: 'steps',
    runsOn: child(node, 'runs-on') ?? { kind: 'scalar', value: null, place: node.place },
    steps: steps?.kind === 'list' ? steps.items.map(readStep) : [],
    ...optional('defaults', child(node, 'defaults')),
  };
}

/** Reads one step of a job or of a composite action. */
export function readStep(node: Node): StepDefinition {
  const run = child(node, 'run');
  const uses = text(child(node, 'uses'));
  const id = text(child(node, 'id'));
  return {
    place: node.place,
    body:
      run === undefined
        ? { kind: 'uses', uses: uses ?? '', ...optional('with', child(node, 'with')) }
        : {
            kind: 'run',
            run,
            ...optional('shell', child(node, 'shell')),
            ...optional('workingDirectory', child(node, 'working-directory')),
          },
    ...optional('id', id),
    ...optional('name', child(node, 'name')),
    ...optional('if', child(node, 'if')),
    ...optional('env', child(node, 'env')),
    ...optional('timeoutMinutes', child(node, 'timeout-minutes')),
    ...optional('continueOnError', child(node, 'continue-on-error')),
  };
}

/** An object with one property, or an empty one when the value is `undefined`. */
export function optional<K extends string, T>(key: K, value: T | undefined): Partial<Record<K, T>> {
  if (value === undefined) {
    return {};
  }
  const property: Partial<Record<K, T>> = {};
  property[key] = value;
  return property;
}
