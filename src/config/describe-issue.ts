import type * as v from 'valibot';
import { didYouMean } from './nearest.js';

type Issue = v.BaseIssue<unknown>;
type Key = string | number;

/** A problem as the schema sees it: no line yet. */
export interface SchemaProblem {
  path: Key[];
  /** Whether the key itself is wrong, not its value. */
  atKey: boolean;
  message: string;
}

/** Names for valibot's types in messages; a schema with a message of its own uses that. */
const typeNames: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
  Object: 'a mapping of keys to values',
  Array: 'a list',
  null: 'nothing',
};

/**
 * Turns one valibot issue into problems: an unknown key becomes one problem per unknown key of that mapping, a value that
 * fits no alternative of a union is explained by the alternatives whose type it has.
 */
export function describeIssue(schema: unknown, issue: Issue): SchemaProblem[] {
  const nested = failuresInside(issue);
  if (nested !== undefined) {
    const base = pathOf(issue);
    return nested
      .flatMap((inner) => describeIssue(schemaAt(schema, base) ?? schema, inner))
      .map((problem) => ({ ...problem, path: [...base, ...problem.path] }));
  }
  const path = pathOf(issue);
  const last = issue.path?.at(-1);
  if (last?.origin === 'key' && issue.expected === 'never') {
    return unknownKeys(schema, path.slice(0, -1), issue);
  }
  if (last?.origin === 'key' && issue.received === 'undefined') {
    return [{ path: path.slice(0, -1), atKey: false, message: `the key "${path.at(-1)}" is missing.` }];
  }
  return [{ path, atKey: last?.origin === 'key', message: valueMessage(issue) }];
}

/**
 * Lists where the schema has a mapping, which valibot would take as a mapping of indexes.
 *
 * @param value the plain value of the document
 */
export function misplacedLists(schema: unknown, value: unknown, path: Key[] = []): SchemaProblem[] {
  const known = alternatives(schema);
  const mapping = known.some((one) => field(one, 'entries') ?? field(one, 'value'));
  if (Array.isArray(value) && mapping && !known.some((one) => field(one, 'item'))) {
    return [{ path, atKey: false, message: `expected ${typeNames.Object}, found ${typeNames.Array}.` }];
  }
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([name, child]) => {
    const key = Array.isArray(value) ? Number(name) : name;
    return children(schema, key).flatMap((next) => misplacedLists(next, child, [...path, key]));
  });
}

function unknownKeys(schema: unknown, parent: Key[], issue: Issue): SchemaProblem[] {
  const known = keysOf(schemaAt(schema, parent));
  const mapping = issue.path?.at(-1)?.input;
  const written = typeof mapping === 'object' && mapping !== null ? Object.keys(mapping) : [];
  const unknown = known.length === 0 ? [String(issue.input)] : written.filter((key) => !known.includes(key));
  const valid = known.length === 0 ? '' : ` Valid keys: ${known.join(', ')}.`;
  return unknown.map((key) => ({
    path: [...parent, key],
    atKey: true,
    message: `unknown key "${key}".${didYouMean(key, known)}${valid}`,
  }));
}

function valueMessage(issue: Issue): string {
  if (issue.kind !== 'schema') {
    return `${issue.message.replace(/\.$/, '')}, found ${issue.received}.`;
  }
  const expected = issue.message.startsWith('Invalid ') ? expectation(issue.expected ?? '') : issue.message;
  return `expected ${expected.replace(/^expected /, '').replace(/\.$/, '')}, found ${typeNames[issue.received] ?? issue.received}.`;
}

function expectation(expected: string): string {
  const parts = expected.replace(/^\((.*)\)$/, '$1').split(' | ');
  return parts.map((part) => typeNames[part] ?? part).join(' or ');
}

/** Of a union's failures, those inside an alternative whose type fits; `undefined` when no alternative's does. */
function failuresInside(issue: Issue): Issue[] | undefined {
  const deep = issue.issues?.filter((inner) => inner.path !== undefined || inner.kind === 'validation');
  return deep === undefined || deep.length === 0 ? undefined : deep;
}

function pathOf(issue: Issue): Key[] {
  return (issue.path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key)));
}

/** The schema of the value at a path; of several alternatives, the first that knows the way. */
function schemaAt(schema: unknown, path: readonly Key[]): unknown {
  const [key, ...rest] = path;
  if (key === undefined) {
    return schema;
  }
  for (const next of children(schema, key)) {
    const found = schemaAt(next, rest);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

function children(schema: unknown, key: Key): unknown[] {
  return alternatives(schema).flatMap((one) => {
    const entries = field(one, 'entries');
    const child = field(entries, String(key)) ?? field(one, typeof key === 'number' ? 'item' : 'value');
    return child === undefined ? [] : [child];
  });
}

function keysOf(schema: unknown): string[] {
  return alternatives(schema).flatMap((one) => Object.keys(field(one, 'entries') ?? {}));
}

/** A schema without its `optional`, `nullable` and `lazy` wrappers, and a union as its options. */
function alternatives(schema: unknown): unknown[] {
  const later = typeof schema === 'object' && schema !== null ? Reflect.get(schema, 'getter') : undefined;
  if (typeof later === 'function') {
    return alternatives(later());
  }
  const wrapped = field(schema, 'wrapped');
  if (wrapped !== undefined) {
    return alternatives(wrapped);
  }
  const options = field(schema, 'options');
  return Array.isArray(options) && options.some((option) => typeof option === 'object')
    ? options.flatMap(alternatives)
    : [schema];
}

function field(holder: unknown, name: string): object | undefined {
  if (typeof holder !== 'object' || holder === null || !Object.hasOwn(holder, name)) {
    return undefined;
  }
  const value: unknown = Reflect.get(holder, name);
  return typeof value === 'object' && value !== null ? value : undefined;
}
