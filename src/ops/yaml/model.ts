import { type Document, isAlias, isMap, isScalar, isSeq, type Node } from 'yaml';
import type { YamlFile } from './parse.js';

/** The values of a document without their spelling. Aliases are copies, so that what two places share shows in both. */
export type Model = Map<string, Model> | Model[] | string | number | boolean | bigint | null | { tag: string };

/** More values than any hand-written file holds; stops aliases of aliases from filling the memory. */
const LARGEST = 200_000;

/**
 * The values of a document.
 *
 * @throws Error when an alias names no anchor, or aliases blow it up beyond any sensible size
 */
export function modelOf(source: YamlFile, document: Document.Parsed): Model {
  let count = 0;
  function copy(node: Node | null | undefined): Model {
    count += 1;
    if (count > LARGEST) {
      throw new Error(
        `${source.file}: its aliases stand for more than ${LARGEST} values. Write them out or use fewer.`,
      );
    }
    const target = isAlias(node) ? node.resolve(document) : node;
    if (isAlias(node) && target === undefined) {
      const line = source.lineAt(node.range?.[0] ?? 0);
      throw new Error(
        `${source.file}:${line}: the alias *${node.source} names no anchor above it. Correct it and run again.`,
      );
    }
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

/** A key as the text a path names it by. */
export function keyOf(document: Document.Parsed, key: Node): string {
  const target = isAlias(key) ? key.resolve(document) : key;
  return isScalar(target) ? String(target.value) : String(target);
}
