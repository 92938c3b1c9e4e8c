import {
  Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  Pair,
  Scalar,
  YAMLMap,
  type YAMLParseError,
  YAMLSeq,
} from 'yaml';
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

/** Most values that aliases stand for, against aliases of aliases, and of long texts. */
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
 * @throws Error with the place where it is no YAML, an alias leads into itself, a key is no text, or a tag is none that all readers
 *   know
 */
export function readValues(
  text: string,
  from: string | ((line: number) => string),
  onRepeated?: (at: string) => void,
): (Value | undefined)[] {
  // Without types each scalar stays as it is written.
  const { documents, lines } = yamlDocuments(text, { schema: 'failsafe', resolveKnownTags: false });
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
      budget -= open.length > 0 ? weightOf(node) : 0;
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

/** A long text counts as several values. */
function weightOf(node: unknown): number {
  return isScalar(node) ? 1 + String(node.value).length / 64 : 1;
}

const CORE = 'tag:yaml.org,2002:';

/** What a tag makes of a scalar that it is on: a text, or what it would be without quotes. @see https://yaml.org/type/ */
const TAGS: Readonly<Record<string, Scalar.Type>> = {
  ...{ '!': Scalar.QUOTE_DOUBLE, [`${CORE}str`]: Scalar.QUOTE_DOUBLE, [`${CORE}merge`]: Scalar.PLAIN },
  ...Object.fromEntries(['int', 'float', 'bool', 'null'].map((name) => [CORE + name, Scalar.PLAIN])),
};

function readNode(
  node: unknown,
  lineAt: (offset: number | undefined) => string,
  read: (node: unknown) => Value,
): Value {
  const at = lineAt(isNode(node) ? node.range?.[0] : undefined);
  const tag = isNode(node) && !isAlias(node) ? node.tag : undefined;
  const isSaid = isMap(node)
    ? tag === `${CORE}map`
    : isSeq(node)
      ? tag === `${CORE}seq`
      : tag && Object.hasOwn(TAGS, tag);
  if (tag !== undefined && !isSaid) {
    throw new Error(
      `${at}: the tag ${tag.replace(CORE, '!!')} means something else to each reader. Expected a value without it.`,
    );
  }
  if (isMap(node)) {
    return { kind: 'map', at, ...entriesOf(node.items.map(({ key, value }) => [read(key), read(value)] as const)) };
  }
  if (isSeq(node)) {
    return { kind: 'list', at, items: node.items.map(read) };
  }
  const { value, type = Scalar.PLAIN } = isScalar(node) ? node : new Scalar('');
  const text = String(value ?? '');
  const tagged = tag === undefined ? undefined : TAGS[tag];
  const isKept = tagged === Scalar.QUOTE_DOUBLE && (type !== Scalar.PLAIN || isPlainText(text));
  return { kind: 'scalar', at, text, style: tagged === undefined || isKept ? type : tagged };
}

/** The entries of a mapping, with those of its merge keys, and which of the keys are texts only in quotes. */
function entriesOf(pairs: readonly (readonly [key: Value, value: Value])[]): Omit<MapValue, 'kind' | 'at'> {
  const all = { entries: new Map<string, Value>(), quoted: new Set<string>() };
  const merged: Value[] = [];
  for (const [key, value] of pairs) {
    if (key.kind !== 'scalar' || isNothing(key)) {
      throw new Error(`${key.at}: a key is ${isNothing(key) ? 'empty' : KINDS[key.kind]}. Expected a text.`);
    }
    const isPlain = key.style === Scalar.PLAIN;
    if (isPlain && key.text === '<<') {
      merged.push(...(value.kind === 'list' ? value.items : [value]));
    } else {
      add(all, key.text, value, !isPlain && !isPlainText(key.text));
    }
  }
  // A merge key gives what the mapping does not say itself; of a list, the first wins. See https://yaml.org/type/merge.html
  for (const each of merged) {
    if (each.kind !== 'map') {
      throw new Error(`${each.at}: "<<" takes in ${KINDS[each.kind]}. Expected a mapping.`);
    }
    for (const [name, value] of [...each.entries].filter(([key]) => !all.entries.has(key))) {
      add(all, name, value, each.quoted.has(name));
    }
  }
  return all;
}

function add(to: { entries: Map<string, Value>; quoted: Set<string> }, key: string, value: Value, quoted: boolean) {
  to.entries.set(key, value);
  to.quoted[quoted ? 'add' : 'delete'](key);
}

const KINDS = { map: 'a mapping', list: 'a list', scalar: 'a text' };

/** Writes a value as YAML: one form for one value, with scalars as they were written. */
export function writeValue(value: Value): string {
  const document = new Document(undefined, { schema: 'failsafe' });
  document.contents = nodeOf(value);
  // On several lines the library loses a space that is alone on one.
  const oneLine = { lineWidth: 0, doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER };
  return document.toString(oneLine).replace(UNPRINTABLE, codeOf);
}

/** What other readers of YAML forbid, or take for the end of a line, even in quotes. @see https://yaml.org/spec/1.1/#c-printable */
const UNPRINTABLE = /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g;

function codeOf(letter: string): string {
  return `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
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
  const type = text.search(UNPRINTABLE) < 0 ? style : Scalar.QUOTE_DOUBLE;
  return type === undefined ? scalar : Object.assign(scalar, { type });
}
