import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { aliasTarget } from './alias-target.js';
import { keyOf } from './model.js';
import type { YamlFile } from './parse.js';
import { formatPath, type PathSegment, type YamlPath } from './path.js';

/** What a path leads to: the value, its parent, and the aliases followed on the way. */
export interface Location {
  document: Document.Parsed;
  /** The value, aliases followed; `null` where the key has no value; `undefined` where there is no such key or item. */
  node: Node | null | undefined;
  /** The mapping or sequence that holds it, `undefined` for the root. */
  parent: YAMLMap<Node, Node | null> | YAMLSeq<Node> | undefined;
  pair: Pair<Node, Node | null> | undefined;
  index: number | undefined;
  aliases: Alias[];
  /** Names of the anchors on the value and on what it is part of. */
  anchors: string[];
}

/**
 * Follows a path (without steps into nested YAML) in a parsed file.
 *
 * @param documentIndex which document of the file, from 0
 * @returns the location; its `node` is `undefined` where only the last step of the path does not exist
 * @throws Error with the file, the line and the first step that does not exist
 */
export function locate(source: YamlFile, documentIndex: number, path: YamlPath): Location {
  const document = source.documents[documentIndex];
  if (document === undefined) {
    throw new Error(`${source.file} has no document ${documentIndex + 1} (it has ${source.documents.length}).`);
  }
  const aliases: Alias[] = [];
  let location: Location = {
    document,
    node: follow(document, document.contents, aliases),
    parent: undefined,
    pair: undefined,
    index: undefined,
    aliases,
    anchors: [],
  };
  location.anchors = anchorOf(location.node);
  for (const [depth, segment] of path.entries()) {
    if (location.node === undefined || location.node === null) {
      throw missing(source, location, path.slice(0, depth));
    }
    location = step(source, location, segment, path.slice(0, depth + 1));
  }
  return location;
}

function step(source: YamlFile, from: Location, segment: PathSegment, path: YamlPath): Location {
  const { document, node, aliases } = from;
  if (isMap<Node, Node | null>(node) && typeof segment !== 'object') {
    const pair = node.items.find((item) => keyOf(document, item.key) === String(segment));
    const value = pair === undefined ? undefined : follow(document, pair.value ?? null, aliases);
    const anchors = [...from.anchors, ...anchorOf(value)];
    return { document, node: value, parent: node, pair, index: undefined, aliases, anchors };
  }
  if (isSeq<Node>(node) && typeof segment === 'number') {
    const item = follow(document, node.items[segment], aliases);
    const anchors = [...from.anchors, ...anchorOf(item)];
    return { document, node: item, parent: node, pair: undefined, index: segment, aliases, anchors };
  }
  const found = isMap(node) ? 'a mapping' : isSeq(node) ? 'a list' : 'a single value';
  throw new Error(
    `${source.file}:${lineOf(source, node)}: ${formatPath(path)} is not there: what should hold it is ${found}.`,
  );
}

function anchorOf(node: Node | null | undefined): string[] {
  return (isMap(node) || isSeq(node) || isScalar(node)) && node.anchor !== undefined ? [node.anchor] : [];
}

function follow(document: Document.Parsed, node: Node | null | undefined, aliases: Alias[]): Node | null | undefined {
  if (!isAlias(node)) {
    return node;
  }
  aliases.push(node);
  return aliasTarget(document, node);
}

function missing(source: YamlFile, location: Location, path: YamlPath): Error {
  const line = lineOf(source, location.pair?.key ?? location.parent ?? location.document.contents);
  return new Error(`${source.file}:${line}: expected ${formatPath(path)} to hold something; it is empty or not there.`);
}

/** The line that a node starts on, from 1. */
export function lineOf(source: YamlFile, node: Node | null | undefined): number {
  return source.lineAt(node?.range?.[0] ?? 0);
}
