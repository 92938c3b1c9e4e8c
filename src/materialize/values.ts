import { Document, isAlias, isMap, isScalar, isSeq, Pair, Scalar, YAMLMap, type YAMLParseError, YAMLSeq } from 'yaml';
import { yamlDocuments } from '../config/yaml-documents.js';
import { yamlProblem } from '../config/yaml-problem.js';

/**
 * A value of a chart or of a manifest, scalars as they are written: `0644`, `yes` and `"yes"` reach helm and the cluster as
 * three different things, which the rules of YAML 1.2 would not tell apart.
 */
export type Value = MapValue | ListValue | ScalarValue;

export interface MapValue {
  kind: 'map';
  /** `file:line`, for messages. */
  at: string;
  entries: ReadonlyMap<string, Value>;
  /** Keys that are texts only in quotes, as `"on"` is. */
  quoted: ReadonlySet<string>;
}

export interface ListValue {
  kind: 'list';
  at: string;
  items: readonly Value[];
}

export interface ScalarValue {
  kind: 'scalar';
  at: string;
  text: string;
  /** Plain, quoted or a block, as the library calls it. */
  style: Scalar.Type | undefined;
}

/** Spellings of nothing. @see https://yaml.org/spec/1.2.2/#1032-tag-resolution */
const NOTHING = ['', '~', 'null', 'Null', 'NULL'];

/** Most values that aliases stand for, against aliases of aliases. */
const MOST_ALIASED = 100_000;

/** Whether a value says nothing, as `key:` and `key: null` do. */
export function isNothing(value: Value): boolean {
  return value.kind === 'scalar' && value.style === Scalar.PLAIN && NOTHING.includes(value.text);
}

/** The text of a scalar at a way of keys; `undefined` where there is none. */
export function textAt(value: Value | undefined, ...keys: readonly string[]): string | undefined {
  const found = valueAt(value, ...keys);
  return found?.kind === 'scalar' && !isNothing(found) ? found.text : undefined;
}

/** The value at a way of keys; `undefined` where there is none. */
export function valueAt(value: Value | undefined, ...keys: readonly string[]): Value | undefined {
  return keys.reduce<Value | undefined>((at, key) => (at?.kind === 'map' ? at.entries.get(key) : undefined), value);
}

/** A mapping with a key set. */
export function withEntry(map: MapValue, key: string, value: Value): MapValue {
  return { ...map, entries: new Map([...map.entries, [key, value]]) };
}

/** A scalar of ours, which no reader takes for anything but a text. */
export function textValue(text: string): ScalarValue {
  return { kind: 'scalar', at: '', text, style: isPlainText(text) ? Scalar.PLAIN : Scalar.QUOTE_DOUBLE };
}

/** Words that YAML 1.1, which Kubernetes' tools still read, takes for a truth or for nothing. */
const WORDS = /^(y|n|yes|no|on|off|true|false|null)$/i;

/** Whether a text without quotes is a text to every reader. */
function isPlainText(text: string): boolean {
  return /^[A-Za-z][\w./-]*$/.test(text) && !WORDS.test(text);
}

/**
 * Reads the documents of a text, aliases and merge keys (`<<`) followed, comments left out.
 *
 * @param from for messages: a file, or what says the place of a line
 * @param onRepeated is told the place of a key that a mapping has twice, of which the last counts; an error where it is left out
 * @returns one value for each document; `undefined` for an empty one
 * @throws Error with the place where it is no YAML, or an alias leads into itself
 */
export function readValues(
  text: string,
  from: string | ((line: number) => string),
  onRepeated?: (at: string) => void,
): (Value | undefined)[] {
  // Without types each scalar stays as it is written.
  const { documents, lines } = yamlDocuments(text, { schema: 'failsafe' });
  const placeOf = typeof from === 'string' ? (line: number) => `${from}:${line}` : from;
  const lineAt = (offset: number | undefined) => placeOf(lines.linePos(offset ?? 0).line);
  let budget = MOST_ALIASED;
  return documents.map((document) => {
    const isRepeated = ({ code }: YAMLParseError) => onRepeated !== undefined && code === 'DUPLICATE_KEY';
    for (const { pos } of document.errors.filter(isRepeated)) {
      onRepeated?.(lineAt(pos[0]));
    }
    const problem = document.errors.find((each) => !isRepeated(each));
    if (problem !== undefined) {
      throw new Error(
        `${lineAt(problem.pos[0])}: this is not the YAML expected here: ${yamlProblem(problem.message)}.`,
      );
    }
    const read = (node: unknown, open: readonly unknown[]): Value => {
      budget -= open.length > 0 ? 1 : 0;
      if (budget < 0) {
        throw new Error(`${lineAt(document.range[0])}: its aliases stand for more than ${MOST_ALIASED} values.`);
      }
      if (isAlias(node)) {
        const target = node.resolve(document);
        if (target === undefined || open.includes(target)) {
          throw new Error(`${lineAt(node.range?.[0])}: the alias *${node.source} leads nowhere, or into itself.`);
        }
        return read(target, [...open, target]);
      }
      return readNode(node, lineAt, (inner) => read(inner, open));
    };
    return document.contents === null ? undefined : read(document.contents, []);
  });
}

function readNode(
  node: unknown,
  lineAt: (offset: number | undefined) => string,
  read: (node: unknown) => Value,
): Value {
  if (isMap(node)) {
    const own = node.items.map(({ key, value }) => [keyText(key), read(value)] as const);
    const plain = new Map(own.filter(([key]) => key !== '<<'));
    const quoted = node.items.flatMap(({ key }) =>
      isScalar(key) && isQuoted(key) && !isPlainText(keyText(key)) ? [keyText(key)] : [],
    );
    return {
      ...{ kind: 'map', at: lineAt(node.range?.[0]), quoted: new Set(quoted) },
      entries: own.reduce((all, [key, value]) => spread(all, key, value), plain),
    };
  }
  if (isSeq(node)) {
    return { kind: 'list', at: lineAt(node.range?.[0]), items: node.items.map(read) };
  }
  const scalar = isScalar(node) ? node : new Scalar('');
  const text = String(scalar.value ?? '');
  return { kind: 'scalar', at: lineAt(scalar.range?.[0]), text, style: scalar.type ?? Scalar.PLAIN };
}

function isQuoted({ type }: Scalar): boolean {
  return type === Scalar.QUOTE_DOUBLE || type === Scalar.QUOTE_SINGLE;
}

function keyText(key: unknown): string {
  return isScalar(key) ? String(key.value) : String(key);
}

/** A merge key gives what the mapping does not say itself; of a list, the first wins. @see https://yaml.org/type/merge.html */
function spread(all: Map<string, Value>, key: string, value: Value): Map<string, Value> {
  const merged = key !== '<<' ? [] : value.kind === 'list' ? value.items : [value];
  const more = merged.flatMap((each) => (each.kind === 'map' ? [...each.entries] : []));
  return more.reduce((into, [name, each]) => (into.has(name) ? into : into.set(name, each)), all);
}

/** Writes a value as YAML: one form for one value, with scalars as they were written. */
export function writeValue(value: Value): string {
  const document = new Document(undefined, { schema: 'failsafe' });
  document.contents = nodeOf(value);
  return document.toString({ lineWidth: 0 });
}

function nodeOf(value: Value): YAMLMap | YAMLSeq | Scalar {
  switch (value.kind) {
    case 'map': {
      const map = new YAMLMap();
      map.items = [...value.entries].map(([key, each]) => {
        return new Pair(scalarOf(key, value.quoted.has(key) ? Scalar.QUOTE_DOUBLE : undefined), nodeOf(each));
      });
      return map;
    }
    case 'list': {
      const list = new YAMLSeq();
      list.items = value.items.map(nodeOf);
      return list;
    }
    default:
      return scalarOf(value.text, value.style);
  }
}

function scalarOf(text: string, style: Scalar.Type | undefined): Scalar {
  const scalar = new Scalar(text);
  return style === undefined ? scalar : Object.assign(scalar, { type: style });
}
