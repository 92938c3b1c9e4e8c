import { isMap, isScalar, type Node, type Pair, type Scalar, type YAMLMap } from 'yaml';
import { rewriteBlock } from './block-scalar.js';
import { columnOf, insertLines } from './lines.js';
import { type Location, lineOf } from './locate.js';
import { endOfPair, isEmpty, isFlow, offsetForEmptyValue, startOfPair } from './node-range.js';
import type { YamlFile } from './parse.js';
import { formatPath, type YamlPath } from './path.js';
import { preferredQuotes } from './preferred-quotes.js';
import { type Context, type Style, styleOf, writeScalar } from './scalar.js';
import type { Splice } from './splice.js';

/** What `set` needs of an edit. */
export interface Setting {
  path: YamlPath;
  value: string;
  after?: string;
}

/**
 * Sets the value at a location to a text. A missing key is added to its mapping.
 *
 * @returns the replacements in the text; none where the value is already this text
 * @throws Error when the value is a mapping or a list, or the mapping of the key does not exist
 */
export function set(source: YamlFile, location: Location, edit: Setting): Splice[] {
  const { node, parent } = location;
  if (isScalar(node)) {
    return isEmpty(node) ? fill(source, location, edit) : replace(source, location, node, edit);
  }
  if (node === null) {
    return fill(source, location, edit);
  }
  const key = edit.path.at(-1);
  if (node === undefined && isMap<Node, Node | null>(parent) && typeof key === 'string') {
    return [insertKey(source, parent, key, edit)];
  }
  const found = node === undefined ? 'nothing' : isMap(node) ? 'a mapping' : 'a list';
  throw new Error(
    `${source.file}:${lineOf(source, node ?? parent)}: expected ${formatPath(edit.path)} to be a single value, found ${found}.`,
  );
}

function replace(source: YamlFile, location: Location, node: Scalar, edit: Setting): Splice[] {
  if (node.value === edit.value) {
    return [];
  }
  const token = node.srcToken;
  if (token === undefined || !('source' in token) || token.type === 'block-scalar') {
    return rewriteBlock(source, node, edit.value, edit.path);
  }
  // An alias may be used where other characters need quotes than at its anchor; both ask for the same spelling.
  const context = node.anchor === undefined ? contextOf(location.parent) : 'flow';
  const text = writeScalar(edit.value, styleOf(node), context, preferredQuotes(location.document));
  return [{ start: token.offset, end: token.offset + token.source.length, text }];
}

/** Gives a key that has no value one. @throws Error where that cannot be done in place */
export function fill(source: YamlFile, location: Location, edit: Setting | Insertion): Splice[] {
  const { parent, pair, index, document } = location;
  const text =
    'lines' in edit ? edit.lines[0] : writeScalar(edit.value, 'plain', contextOf(parent), preferredQuotes(document));
  const at = parent === undefined ? undefined : offsetForEmptyValue(parent, pair, index ?? 0);
  if (at !== undefined && location.aliases.length === 0) {
    return [{ start: at, end: at, text: ` ${text}` }];
  }
  const end = pair?.key.range?.[1];
  if (pair !== undefined && end !== undefined && location.aliases.length === 0) {
    return [{ start: end, end, text: `: ${text}` }];
  }
  throw new Error(
    `${source.file}:${lineOf(source, pair?.key ?? parent)}: ${formatPath(edit.path)} is empty and cannot be filled in place.`,
  );
}

/** A key that is added with what is no scalar. */
export interface Insertion extends Pick<Setting, 'path' | 'after'> {
  /** Lines of the value, of which the first is beside the key. */
  lines: readonly [string, ...string[]];
}

/** Adds a key to a mapping, in the mapping's own style. @throws Error where it is empty and in block style */
export function insertKey(
  source: YamlFile,
  map: YAMLMap<Node, Node | null>,
  key: string,
  edit: Setting | Insertion,
): Splice {
  return isFlow(map) ? insertInFlow(source, map, key, edit) : insertInBlock(source, map, key, edit);
}

function insertInBlock(
  source: YamlFile,
  map: YAMLMap<Node, Node | null>,
  key: string,
  edit: Setting | Insertion,
): Splice {
  const { text } = source;
  const sibling = siblingOf(map, edit.after);
  const first = map.items[0];
  if (sibling === undefined || first === undefined) {
    throw new Error(`${source.file}:${lineOf(source, map)}: ${formatPath(edit.path)} has no neighbour to be added to.`);
  }
  const quotes = quotesOf(sibling) ?? 'double';
  const name = writeScalar(key, styleOf(sibling.key), 'block', quotes);
  const indent = ' '.repeat(columnOf(text, startOfPair(first)));
  const [value, ...more] = 'lines' in edit ? edit.lines : [writeScalar(edit.value, 'plain', 'block', quotes)];
  return insertLines(text, endOfPair(sibling), [
    `${indent}${name}: ${value}`,
    ...more.map((line) => (line === '' ? '' : `${indent}  ${line}`)),
  ]);
}

function insertInFlow(
  source: YamlFile,
  map: YAMLMap<Node, Node | null>,
  key: string,
  edit: Setting | Insertion,
): Splice {
  const sibling = siblingOf(map, edit.after);
  const written = (style: Style, quotes: 'single' | 'double') =>
    'lines' in edit ? edit.lines[0] : writeScalar(edit.value, style, 'flow', quotes);
  if (sibling === undefined) {
    const at = (map.range?.[0] ?? 0) + 1;
    return { start: at, end: at, text: `${key}: ${written('plain', 'double')}` };
  }
  const keyStyle = styleOf(sibling.key);
  const quotes = quotesOf(sibling) ?? (keyStyle === 'single' ? 'single' : 'double');
  const name = writeScalar(key, keyStyle, 'flow', quotes);
  // JSON keeps its quotes on both sides.
  const value = written(keyStyle === 'double' ? 'double' : 'plain', quotes);
  const end = endOfPair(sibling);
  return {
    start: end,
    end,
    text: `,${flowGap(source.text, map, sibling)}${name}${flowColon(source.text, sibling)}${value}`,
  };
}

/** The text between key and value: `:` with the white space that the neighbour has. */
function flowColon(text: string, sibling: Pair<Node, Node | null>): string {
  const between = text.slice(sibling.key.range?.[1] ?? 0, sibling.value?.range?.[0] ?? 0);
  return isScalar(sibling.key) && styleOf(sibling.key) !== 'plain' && between === ':' ? ':' : ': ';
}

/** The text between two pairs of a flow mapping: a line break and its indentation where each pair has its own line. */
function flowGap(text: string, map: YAMLMap<Node, Node | null>, sibling: Pair<Node, Node | null>): string {
  const start = startOfPair(sibling);
  const before = /(\r?\n|(?<![ \t]))[ \t]*$/.exec(text.slice(map.range?.[0] ?? 0, start))?.[0] ?? '';
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
