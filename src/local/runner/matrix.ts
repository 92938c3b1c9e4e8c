/**
 * `strategy.matrix`: from lists of values to combinations.
 *
 * @see https://docs.github.com/en/actions/how-tos/write-workflows/choose-what-workflows-do/run-job-variations
 */
import { RunError } from './errors.js';
import { isObject, type Json, type JsonObject } from './json.js';

/**
 * Expands a matrix.
 *
 * @param matrix the evaluated node: lists by key, `include` and `exclude`
 * @returns one object per job, in GitHub's order
 * @throws RunError when it has no combinations, or a key is no list
 */
export function expandMatrix(matrix: Json): JsonObject[] {
  if (!isObject(matrix)) {
    throw new RunError('The matrix must be a mapping.');
  }
  const { include = [], exclude = [], ...axes } = matrix;
  let combinations: JsonObject[] = Object.keys(axes).length === 0 ? [] : [{}];
  for (const [key, values] of Object.entries(axes)) {
    if (!Array.isArray(values)) {
      throw new RunError(`Matrix vector '${key}' must be a list.`);
    }
    if (values.length === 0) {
      throw new RunError(`Matrix vector '${key}' does not contain any values`);
    }
    combinations = combinations.flatMap((combination) => values.map((value) => ({ ...combination, [key]: value })));
  }
  const excluded = listOfObjects(exclude, 'exclude');
  combinations = combinations.filter((combination) => !excluded.some((rule) => covers(combination, rule)));
  const extra: JsonObject[] = [];
  for (const rule of listOfObjects(include, 'include')) {
    if (!extend(combinations, rule, Object.keys(axes))) {
      extra.push({ ...rule });
    }
  }
  const all = [...combinations, ...extra];
  if (all.length === 0) {
    throw new RunError('The matrix is empty.');
  }
  return all;
}

/** Adds an `include` to every combination whose original values it does not overwrite. @returns whether there was one */
function extend(combinations: JsonObject[], rule: JsonObject, axes: string[]): boolean {
  const original = Object.fromEntries(Object.entries(rule).filter(([key]) => axes.includes(key)));
  let found = false;
  for (const combination of combinations) {
    if (covers(combination, original)) {
      Object.assign(combination, rule);
      found = true;
    }
  }
  return found;
}

/** Whether every value of a rule is in the combination. */
function covers(combination: Json, rule: Json): boolean {
  if (isObject(combination) && isObject(rule)) {
    return Object.entries(rule).every(([key, value]) => covers(combination[key] ?? null, value));
  }
  return JSON.stringify(combination) === JSON.stringify(rule);
}

function listOfObjects(value: Json, key: string): JsonObject[] {
  if (!Array.isArray(value) || !value.every(isObject)) {
    throw new RunError(`"${key}" of the matrix must be a list of mappings.`);
  }
  return value;
}

/** The values in a job's name: `build (20, linux)`. */
export function matrixLabel(combination: JsonObject): string {
  const leaves = (value: Json): string[] =>
    Array.isArray(value)
      ? value.flatMap(leaves)
      : isObject(value)
        ? Object.values(value).flatMap(leaves)
        : [String(value ?? '')];
  return leaves(combination).join(', ');
}
