import { isMap, isScalar, type Node, type Pair, type Scalar, type YAMLMap } from 'yaml';
import { rewriteBlock } from './block-scalar.js';
import { columnOf, insertLines } from './lines.js';
import { type Location, lineOf } from './locate.js';
import { endOfPair, isEmpty, isFlow, offsetForEmptyValue, startOfPair } from './node-range.js';
import type { YamlFile } from './parse.js';
import { formatPath, type YamlPath } from './path.js';
import { preferredQuotes } from './preferred-quotes.js';
import { type Context, styleOf, writeScalar } from './scalar.js';
import type { Splice } from './splice.js';

/** What `set` needs to know of an edit. */
export interface Setting {
  path: YamlPath;
  value: string;
  after?: string;
}

/**
 * The replacement that gives a place a text as its value.
 *
 * @throws Error when the place holds a mapping or a list, or the key's mapping is not there
 */
export function set(source: YamlFile, place: Location, edit: Setting): Splice[] {
  const { node, parent } = place;
  if (isScalar(node)) {
    return isEmpty(node) ? fill(source, place, edit) : replace(source, place, node, edit);
  }
  if (node === null) {
    return fill(source, place, edit);
  }
  const key = edit.path.at(-1);
  if (node === undefined && isMap<Node, Node | null>(parent) && typeof key === 'string') {
    return [isFlow(parent) ? insertInFlow(source, parent, key, edit) : insertInBlock(source, parent, key, edit)];
  }
  const found = node === undefined ? 'nothing' : isMap(node) ? 'a mapping' : 'a list';
  throw new Error(
    `${source.file}:${lineOf(source, node ?? parent)}: expected ${formatPath(edit.path)} to be a single value, found ${found}.`,
  );
}

function replace(source: YamlFile, place: Location, node: Scalar, edit: Setting): Splice[] {
  if (node.value === edit.value) {
    return [];
  }
  const token = node.srcToken;
  if (token === undefined || !('source' in token) || token.type === 'block-scalar') {
    return rewriteBlock(source, node, edit.value, edit.path);
  }
  // An alias may be used where other characters need quotes than at its anchor; both ask for the same spelling.
  const context = node.anchor === undefined ? contextOf(place.parent) : 'flow';
  const text = writeScalar(edit.value, styleOf(node), context, preferredQuotes(place.document));
  return [{ start: token.offset, end: token.offset + token.source.length, text }];
}

function fill(source: YamlFile, place: Location, edit: Setting): Splice[] {
  const { parent, pair, index, document } = place;
  const text = writeScalar(edit.value, 'plain', contextOf(parent), preferredQuotes(document));
  const at = parent === undefined ? undefined : offsetForEmptyValue(parent, pair, index ?? 0);
  if (at !== undefined && place.aliases.length === 0) {
    return [{ start: at, end: at, text: ` ${text}` }];
  }
  const end = pair?.key.range?.[1];
  if (pair !== undefined && end !== undefined && place.aliases.length === 0) {
    return [{ start: end, end, text: `: ${text}` }];
  }
  throw new Error(
    `${source.file}:${lineOf(source, pair?.key ?? parent)}: ${formatPath(edit.path)} is empty and cannot be filled in place.`,
  );
}

function insertInBlock(source: YamlFile, map: YAMLMap<Node, Node | null>, key: string, edit: Setting): Splice {
  const { text } = source;
  const sibling = siblingOf(map, edit.after);
  const first = map.items[0];
  if (sibling === undefined || first === undefined) {
    throw new Error(`${source.file}:${lineOf(source, map)}: ${formatPath(edit.path)} has no neighbour to be added to.`);
  }
  const quotes = quotesOf(sibling) ?? 'double';
  const name = writeScalar(key, styleOf(sibling.key), 'block', quotes);
  const indent = ' '.repeat(columnOf(text, startOfPair(first)));
  return insertLines(text, endOfPair(sibling), [
    `${indent}${name}: ${writeScalar(edit.value, 'plain', 'block', quotes)}`,
  ]);
}

function insertInFlow(source: YamlFile, map: YAMLMap<Node, Node | null>, key: string, edit: Setting): Splice {
  const sibling = siblingOf(map, edit.after);
  if (sibling === undefined) {
    const at = (map.range?.[0] ?? 0) + 1;
    return { start: at, end: at, text: `${key}: ${writeScalar(edit.value, 'plain', 'flow', 'double')}` };
  }
  const keyStyle = styleOf(sibling.key);
  const quotes = quotesOf(sibling) ?? (keyStyle === 'single' ? 'single' : 'double');
  const name = writeScalar(key, keyStyle, 'flow', quotes);
  // JSON keeps its quotes on both sides.
  const value = writeScalar(edit.value, keyStyle === 'double' ? 'double' : 'plain', 'flow', quotes);
  const end = endOfPair(sibling);
  return {
    start: end,
    end,
    text: `,${flowGap(source.text, map, sibling)}${name}${flowColon(source.text, sibling)}${value}`,
  };
}

/** What stands between key and value: `:` with the white space its neighbour has. */
function flowColon(text: string, sibling: Pair<Node, Node | null>): string {
  const between = text.slice(sibling.key.range?.[1] ?? 0, sibling.value?.range?.[0] ?? 0);
  return isScalar(sibling.key) && styleOf(sibling.key) !== 'plain' && between === ':' ? ':' : ': ';
}

/** What separates the pairs of a flow mapping: a line break with its indent where each stands on a line of its own. */
function flowGap(text: string, map: YAMLMap<Node, Node | null>, sibling: Pair<Node, Node | null>): string {
  const start = startOfPair(sibling);
  const before = /(\r?\n[ \t]*|[ \t]*)$/.exec(text.slice(map.range?.[0] ?? 0, start))?.[0] ?? '';
  if (before.includes('\n')) {
    return before;
  }
  return sibling === map.items[0] || before !== '' ? ' ' : '';
}

function siblingOf(map: YAMLMap<Node, Node | null>, after: string | undefined): Pair<Node, Node | null> | undefined {
  const named = map.items.find((pair) => isScalar(pair.key) && pair.key.value === after);
  return named ?? map.items.at(-1);
}

function quotesOf(pair: Pair<Node, Node | null>): 'single' | 'double' | undefined {
  const style = styleOf(pair.value);
  return style === 'plain' ? undefined : style;
}

function contextOf(parent: Node | undefined): Context {
  return isFlow(parent) ? 'flow' : 'block';
}
