import * as v from 'valibot';
import { type Document, isAlias, isMap, isScalar, isSeq, type LineCounter, type Node } from 'yaml';
import { ConfigError, type ConfigProblem } from './config-error.js';
import { describeIssue, misplacedLists, type SchemaProblem } from './describe-issue.js';
import { yamlDocument } from './yaml-documents.js';
import { yamlProblem } from './yaml-problem.js';

/** Most aliases in a file, against "billion laughs" attacks; people write far fewer. */
const MAX_ALIASES = 100;

/** Most syntax errors that are shown: one mistake makes the parser report many more after it. */
const MOST_SYNTAX_ERRORS = 10;

/** A checked configuration, and positions in its file for errors of later checks. */
export interface ConfigFile<T> {
  value: T;
  /** An error at a place of the file: `error(['apps', 'web', 'path'], 'there is no folder …')`. */
  error(path: readonly (string | number)[], message: string): ConfigError;
}

/**
 * Reads one YAML configuration file (YAML 1.2 core schema, one document, unique keys) and checks it strictly. An empty
 * file is an empty mapping.
 *
 * @param schema a valibot schema, with `v.strictObject` where unknown keys are errors
 * @param text the file's content
 * @param file the file's name for messages, for example `ostack.yaml`
 * @returns the checked value, with the schema's defaults applied
 * @throws ConfigError naming every problem with `file:line:column`, and for an unknown key the nearest valid one
 */
export function readConfig<S extends v.GenericSchema>(schema: S, text: string, file: string): v.InferOutput<S> {
  return readConfigFile(schema, text, file).value;
}

/** As `readConfig`, with the positions of values for later checks. */
export function readConfigFile<S extends v.GenericSchema>(
  schema: S,
  text: string,
  file: string,
): ConfigFile<v.InferOutput<S>> {
  const { document, lines } = yamlDocument(text, { version: '1.2', logLevel: 'error' });
  const syntax = [...document.errors, ...document.warnings].slice(0, MOST_SYNTAX_ERRORS).map((error) => ({
    ...place(lines, error.pos[0]),
    path: '',
    message: `this is not the YAML expected here: ${yamlProblem(error.message)}`,
  }));
  throwAny(file, syntax);
  const plain = plainValue(document, file);
  const fail = (problems: readonly SchemaProblem[]) =>
    throwAny(
      file,
      problems.map(({ path, atKey, message }) => ({
        ...locate(document, lines, path, atKey),
        path: (atKey ? path.slice(0, -1) : path).join('.'),
        message,
      })),
    );
  fail(misplacedLists(schema, plain));
  const result = v.safeParse(schema, plain);
  if (!result.success) {
    fail(result.issues.flatMap((issue) => describeIssue(schema, issue)));
    throw new Error(`${file} does not fit its schema.`);
  }
  return {
    value: result.output,
    error: (path, message) =>
      new ConfigError(file, [{ ...locate(document, lines, path, false), path: path.join('.'), message }]),
  };
}

function throwAny(file: string, problems: readonly ConfigProblem[]): void {
  const [first, ...rest] = problems;
  if (first !== undefined) {
    throw new ConfigError(file, [first, ...rest]);
  }
}

function plainValue(document: Document.Parsed, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES }) ?? {};
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new ConfigError(file, [{ line: 1, column: 1, path: '', message: `its aliases cannot be read: ${message}` }]);
  }
}

/** The line and column of a value, or of its key, or of the nearest mapping around it that exists. */
function locate(
  document: Document.Parsed,
  lines: LineCounter,
  path: readonly (string | number)[],
  atKey: boolean,
): { line: number; column: number } {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [index, step] of path.entries()) {
    const [key, value] = childAt(document, node, step);
    const position = (atKey && index === path.length - 1 ? undefined : startOf(value)) ?? startOf(key);
    if (position === undefined) {
      break;
    }
    offset = position;
    node = value;
  }
  return place(lines, offset);
}

/** The key and value nodes of one step into a mapping or list; an alias is followed. */
function childAt(document: Document.Parsed, parent: unknown, step: string | number): [unknown, unknown] {
  const node = isAlias(parent) ? parent.resolve(document) : parent;
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => String(isScalar(key) ? key.value : key) === String(step));
    return [pair?.key, pair?.value];
  }
  return [undefined, isSeq(node) ? node.items[Number(step)] : undefined];
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

function isNode(value: unknown): value is Node {
  return isScalar(value) || isMap(value) || isSeq(value) || isAlias(value);
}

function place(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}
