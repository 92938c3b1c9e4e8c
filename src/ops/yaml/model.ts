import { type Document, isAlias, isMap, isScalar, isSeq, type Node } from 'yaml';
import { aliasResolver } from './alias-resolver.js';
import { aliasTarget } from './alias-target.js';
import type { YamlFile } from './parse.js';

/**
 * The values of a document without their spelling. Aliases are copied, so that a change of an anchored value shows
 * everywhere it is used.
 */
export type Model = Map<string, Model> | Model[] | string | number | boolean | bigint | null | { tag: string };

/**
 * Reads the values of a document.
 *
 * @throws Error when an alias has no anchor, or aliases expand to too many values
 */
export function modelOf(source: YamlFile, document: Document.Parsed): Model {
  const open = aliasResolver(source, document);
  function copy(node: Node | null | undefined): Model {
    const target = open(node);
    if (isMap<Node, Node | null>(target)) {
      return new Map(target.items.map((pair) => [keyOf(document, pair.key), copy(pair.value)]));
    }
    if (isSeq<Node>(target)) {
      return target.items.map((item) => copy(item));
    }
    return isScalar(target) ? scalarModel(target.value) : null;
  }
  return copy(document.contents);
}

function scalarModel(value: unknown): Model {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'bigint':
      return value;
    default:
      return value === null || value === undefined ? null : { tag: String(value) };
  }
}

/** The text by which a path names a key. */
export function keyOf(document: Document.Parsed, key: Node): string {
  const target = isAlias(key) ? aliasTarget(document, key) : key;
  return isScalar(target) ? String(target.value) : String(target);
}
