/**
 * A parsed `action.yml`.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax
 */
import { Unsupported } from './errors.js';
import { parseActionFile } from './parse.js';
import { child, entries, type Node, text } from './tree.js';
import { optional, readStep, type StepDefinition } from './workflow.js';

export interface ActionFile {
  file: string;
  name: string;
  inputs: Map<string, { default?: Node; required: boolean; deprecation?: string }>;
  /** Output name to its value; only composite actions have values. */
  outputs: Map<string, Node | undefined>;
  runs: JavaScriptRuns | CompositeRuns;
}

export interface JavaScriptRuns {
  kind: 'javascript';
  main: string;
  pre?: string;
  preIf?: Node;
  post?: string;
  postIf?: Node;
}

export interface CompositeRuns {
  kind: 'composite';
  steps: StepDefinition[];
}

/**
 * Reads and checks an `action.yml`.
 *
 * @throws InvalidFile when GitHub would refuse it
 * @throws Unsupported for Docker actions and versions of Node.js that GitHub no longer runs
 */
export function readAction(source: string, file: string): ActionFile {
  const root = parseActionFile(source, file);
  const inputs: ActionFile['inputs'] = new Map();
  for (const [name, node] of entries(child(root, 'inputs'))) {
    inputs.set(name, {
      required: text(child(node, 'required')) === 'true',
      ...optional('default', child(node, 'default')),
      ...optional('deprecation', text(child(node, 'deprecationMessage'))),
    });
  }
  const outputs: ActionFile['outputs'] = new Map(
    entries(child(root, 'outputs')).map(([name, node]) => [name, child(node, 'value')]),
  );
  return { file, name: text(child(root, 'name')) ?? file, inputs, outputs, runs: readRuns(child(root, 'runs')) };
}

function readRuns(runs: Node | undefined): ActionFile['runs'] {
  const using = child(runs, 'using');
  const kind = text(using);
  if (kind === 'composite') {
    const steps = child(runs, 'steps');
    return { kind: 'composite', steps: steps?.kind === 'list' ? steps.items.map(readStep) : [] };
  }
  if (kind === 'node20' || kind === 'node24') {
    return {
      kind: 'javascript',
      main: text(child(runs, 'main')) ?? '',
      ...optional('pre', text(child(runs, 'pre'))),
      ...optional('preIf', child(runs, 'pre-if')),
      ...optional('post', text(child(runs, 'post'))),
      ...optional('postIf', child(runs, 'post-if')),
    };
  }
  throw new Unsupported(`"using: ${kind ?? ''}"`, using?.place);
}
