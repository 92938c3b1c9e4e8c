/**
 * The typed inputs of `workflow_dispatch` and `workflow_call`.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#onworkflow_callinputs
 */
import { RunError, Unsupported } from './errors.js';
import { evaluate, type Scope } from './expressions.js';
import type { Json, JsonObject } from './json.js';
import { child, entries, type Node, text, texts } from './tree.js';

/**
 * Checks the inputs of *Run workflow* and fills in the defaults.
 *
 * @param trigger the node under `workflow_dispatch`
 * @param given values by name, usually texts
 * @returns values with their declared types
 * @throws RunError naming the input that is missing, unknown, or of another type
 */
export function dispatchInputs(trigger: Node | undefined, given: JsonObject): JsonObject {
  const declared = new Map(entries(child(trigger, 'inputs')));
  const unknown = Object.keys(given).find((name) => !declared.has(name));
  if (unknown !== undefined) {
    throw new RunError(`Unexpected inputs provided: ${JSON.stringify([unknown])}`);
  }
  const values: JsonObject = {};
  for (const [name, node] of declared) {
    const type = text(child(node, 'type')) ?? 'string';
    const fallback = child(node, 'default');
    const value = given[name] ?? (fallback?.kind === 'scalar' ? fallback.value : null);
    if ((value === null || value === '') && text(child(node, 'required')) === 'true') {
      throw new RunError(`Required input '${name}' not provided`);
    }
    values[name] = convert(name, type, value, texts(child(node, 'options')));
  }
  return values;
}

/**
 * Checks the inputs of a call of a reusable workflow and fills in the defaults.
 *
 * @param trigger the node under `workflow_call`
 * @param given evaluated values by name
 * @param scope of expressions in defaults
 * @param caller start of the error messages, which names the call
 * @throws RunError naming the input that is missing, unknown, or of another type
 */
export function callInputs(trigger: Node | undefined, given: JsonObject, scope: Scope, caller: string): JsonObject {
  const declared = new Map(entries(child(trigger, 'inputs')));
  const unknown = Object.keys(given).find((name) => !declared.has(name));
  if (unknown !== undefined) {
    throw new RunError(`${caller}: Invalid input, ${unknown} is not defined in the referenced workflow.`);
  }
  const values: JsonObject = {};
  for (const [name, node] of declared) {
    const type = text(child(node, 'type')) ?? 'string';
    const value = given[name];
    if (value === undefined) {
      if (text(child(node, 'required')) === 'true') {
        throw new RunError(`${caller}: Input ${name} is required, but not provided while calling.`);
      }
      const fallback = child(node, 'default');
      values[name] = fallback === undefined ? emptyOf(type) : convert(name, type, evaluate(fallback, scope), []);
    } else {
      values[name] = strict(name, type, value, caller);
    }
  }
  return values;
}

/** Value of an input that has neither a value nor a default. */
function emptyOf(type: string): Json {
  return type === 'boolean' ? false : type === 'number' ? 0 : '';
}

/** Checks the type of a value; for a reusable workflow a text is no boolean or number. */
function strict(name: string, type: string, value: Json, caller: string): Json {
  if ((type === 'boolean' || type === 'number') && typeof value !== type) {
    throw new RunError(`${caller}: Unexpected value '${String(value)}' for input ${name}: expected a ${type}.`);
  }
  return type === 'string' && typeof value !== 'string' ? String(value ?? '') : value;
}

function convert(name: string, type: string, value: Json, options: string[]): Json {
  const given = value === null ? '' : String(value);
  switch (type) {
    case 'string':
    case 'environment':
      return given;
    case 'choice':
      if (given !== '' && options.length > 0 && !options.includes(given)) {
        throw new RunError(
          `Provided value '${given}' for input '${name}' not in the list of allowed values: ${options.join(', ')}`,
        );
      }
      return given === '' ? (options[0] ?? '') : given;
    case 'boolean':
      if (given !== 'true' && given !== 'false' && given !== '') {
        throw new RunError(`Input '${name}' is '${given}', expected true or false.`);
      }
      return given === 'true';
    case 'number':
      if (given.trim() === '' || Number.isNaN(Number(given))) {
        if (given === '') {
          return 0;
        }
        throw new RunError(`Input '${name}' is '${given}', expected a number.`);
      }
      return Number(given);
    default:
      throw new Unsupported(`The input type "${type}" of "${name}"`);
  }
}
