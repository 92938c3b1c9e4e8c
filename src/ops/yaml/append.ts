import { isMap, isSeq, type Node, type YAMLMap, type YAMLSeq } from 'yaml';
import { columnOf, insertLines, lineBreak, lineEnd, lineStart } from './lines.js';
import { type Location, lineOf } from './locate.js';
import {
  endOfIndicators,
  endOfItem,
  endOfPair,
  isEmpty,
  isFlow,
  offsetForEmptyValue,
  startOfItem,
  startOfPair,
} from './node-range.js';
import type { YamlFile } from './parse.js';
import { formatPath, type YamlPath } from './path.js';
import { preferredQuotes } from './preferred-quotes.js';
import { type Context, writeScalar } from './scalar.js';
import type { Splice } from './splice.js';

/** What is added to a list: a text, or a mapping. */
export type Item = string | ItemMap;

export interface ItemMap {
  [key: string]: string | boolean | ItemMap;
}

type Quotes = 'single' | 'double';

/**
 * Adds an item to a list, in the list's own style. A list that is empty or missing is created.
 *
 * @param at index of the new item, from 0; default: the end
 * @returns the replacements in the text
 * @throws Error when the value at the location is not a list
 */
export function append(source: YamlFile, location: Location, path: YamlPath, item: Item, at?: number): Splice[] {
  const { node, parent, document } = location;
  const quotes = preferredQuotes(document);
  if (isSeq<Node>(node)) {
    if (at !== undefined && at < node.items.length) {
      return [
        isFlow(node) ? insertInFlow(source, node, item, at, quotes) : insertInBlock(source, node, item, at, quotes),
      ];
    }
    const started = isFlow(node) ? startBlockList(source, location, node, item, quotes) : undefined;
    return (
      started ?? [isFlow(node) ? appendToFlow(source, node, item, quotes) : appendToBlock(source, node, item, quotes)]
    );
  }
  const empty = node === null || node === undefined || isEmpty(node);
  if (empty && isMap<Node, Node | null>(parent) && !isFlow(parent)) {
    return [startListUnderKey(source, location, parent, path, item, quotes)];
  }
  const found = isMap(node) ? 'a mapping' : 'a single value';
  throw new Error(`${source.file}:${lineOf(source, node)}: expected ${formatPath(path)} to be a list, found ${found}.`);
}

function appendToBlock(source: YamlFile, seq: YAMLSeq<Node>, item: Item, quotes: Quotes): Splice {
  const indent = columnOf(source.text, startOfItem(seq, 0));
  return insertLines(source.text, endOfItem(seq, seq.items.length - 1), itemLines(item, indent, quotes));
}

/**
 * Adds lines after those of the previous item, so that a comment above an item stays with that item. Where the list
 * begins in the middle of a line (`- - a`), a new first item goes where the dash of the old one was.
 */
function insertInBlock(source: YamlFile, seq: YAMLSeq<Node>, item: Item, at: number, quotes: Quotes): Splice {
  const { text } = source;
  const start = startOfItem(seq, 0);
  const lines = itemLines(item, columnOf(text, start), quotes);
  if (at > 0) {
    return insertLines(text, endOfItem(seq, at - 1), lines);
  }
  const br = lineBreak(text, start);
  const from = lineStart(text, start);
  const alone = text.slice(from, start).trim() === '';
  return alone
    ? { start: from, end: from, text: lines.map((line) => line + br).join('') }
    : { start, end: start, text: `${lines.join(br).trimStart()}${br}${' '.repeat(columnOf(text, start))}` };
}

function insertInFlow(source: YamlFile, seq: YAMLSeq<Node>, item: Item, at: number, quotes: Quotes): Splice {
  const start = startOfItem(seq, at);
  const before = source.text.slice(seq.range?.[0] ?? 0, start);
  const gap = /\r?\n[ \t]*$/.exec(before)?.[0] ?? ' ';
  return { start, end: start, text: `${flowItem(item, quotes)},${gap}` };
}

/** Turns an empty `[]` that gets a mapping into a block list, which is easier to read; `undefined` where it cannot. */
function startBlockList(
  source: YamlFile,
  { parent, pair, aliases, anchors }: Location,
  seq: YAMLSeq<Node>,
  item: Item,
  quotes: Quotes,
): Splice[] | undefined {
  const [start, end] = seq.range ?? [0, 0];
  if (seq.items.length > 0 || typeof item === 'string' || aliases.length + anchors.length > 0) {
    return undefined;
  }
  if (parent === undefined && columnOf(source.text, start) === 0) {
    const lines = itemLines(item, 0, quotes);
    return [{ start, end, text: lines.join(lineBreak(source.text, end)) }];
  }
  if (pair === undefined || isFlow(parent) || endOfIndicators(pair.srcToken?.sep) === undefined) {
    return undefined;
  }
  const lines = itemLines(item, columnOf(source.text, startOfPair(pair)) + 2, quotes);
  const from = source.text.slice(0, start).trimEnd().length;
  return [{ start: from, end, text: '' }, insertLines(source.text, end, lines)];
}

function appendToFlow(source: YamlFile, seq: YAMLSeq<Node>, item: Item, quotes: Quotes): Splice {
  const text = flowItem(item, quotes);
  const last = seq.items.length - 1;
  if (last < 0) {
    const at = (seq.range?.[0] ?? 0) + 1;
    return { start: at, end: at, text };
  }
  const end = endOfItem(seq, last);
  const before = source.text.slice(seq.range?.[0] ?? 0, startOfItem(seq, last));
  const gap = /\r?\n[ \t]*$/.exec(before)?.[0] ?? ' ';
  return { start: end, end, text: `,${gap}${text}` };
}

/** Creates a list under a key that is empty or missing, indented as the other lists of the file are. */
function startListUnderKey(
  source: YamlFile,
  location: Location,
  map: YAMLMap<Node, Node | null>,
  path: YamlPath,
  item: Item,
  quotes: Quotes,
): Splice {
  const first = map.items[0];
  const last = map.items.at(-1);
  if (first === undefined || last === undefined) {
    throw new Error(`${source.file}:${lineOf(source, map)}: ${formatPath(path)} has no neighbour to be added to.`);
  }
  const column = columnOf(source.text, startOfPair(first));
  const lines = itemLines(item, column + listIndent(source, location), quotes);
  if (location.pair === undefined) {
    const key = writeScalar(String(path.at(-1)), 'plain', 'block', quotes);
    return insertLines(source.text, endOfPair(last), [`${' '.repeat(column)}${key}:`, ...lines]);
  }
  const after = lineEnd(source.text, offsetForEmptyValue(map, location.pair, 0) ?? endOfPair(location.pair));
  const br = lineBreak(source.text, after);
  return { start: after, end: after, text: lines.map((line) => br + line).join('') };
}

/** How many columns the document's first list under a key is indented; 2 where there is none. */
function listIndent(source: YamlFile, location: Location): number {
  const root = location.document.contents;
  if (isMap<Node, Node | null>(root)) {
    for (const pair of root.items) {
      if (isSeq<Node>(pair.value) && !isFlow(pair.value) && pair.value.items.length > 0) {
        return columnOf(source.text, startOfItem(pair.value, 0)) - columnOf(source.text, startOfPair(pair));
      }
    }
  }
  return 2;
}

function itemLines(item: Item, indent: number, quotes: Quotes): string[] {
  const space = ' '.repeat(indent);
  if (typeof item === 'string') {
    return [`${space}- ${writeScalar(item, 'plain', 'block', quotes)}`];
  }
  return mapLines(item, quotes).map((line, index) => `${space}${index === 0 ? '- ' : '  '}${line}`);
}

function mapLines(map: ItemMap, quotes: Quotes): string[] {
  return Object.entries(map).flatMap(([key, value]) => {
    const name = writeScalar(key, 'plain', 'block', quotes);
    return typeof value === 'object'
      ? [`${name}:`, ...mapLines(value, quotes).map((line) => `  ${line}`)]
      : [`${name}: ${single(value, 'block', quotes)}`];
  });
}

function flowItem(item: Item | boolean, quotes: Quotes): string {
  if (typeof item !== 'object') {
    return single(item, 'flow', quotes);
  }
  const pairs = Object.entries(item).map(
    ([key, value]) => `${writeScalar(key, 'plain', 'flow', quotes)}: ${flowItem(value, quotes)}`,
  );
  return `{ ${pairs.join(', ')} }`;
}

function single(value: string | boolean, context: Context, quotes: Quotes): string {
  return typeof value === 'boolean' ? String(value) : writeScalar(value, 'plain', context, quotes);
}
