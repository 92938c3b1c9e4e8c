import { type Alias, type Document, isAlias, type Node } from 'yaml';
import type { YamlFile } from './parse.js';

/** More values than any hand-written file holds; stops aliases of aliases from filling the memory. */
const LARGEST = 200_000;

/**
 * A function that opens the nodes of a document one by one: it follows an alias to what it stands for.
 *
 * The function throws an Error when an alias names no anchor, or aliases blow the document up beyond any sensible size.
 */
export function aliasResolver(
  source: YamlFile,
  document: Document.Parsed,
): (node: Node | null | undefined) => Node | null {
  const targets = new Map<Alias, Node | undefined>();
  let count = 0;
  return (node) => {
    count += 1;
    if (count > LARGEST) {
      throw new Error(
        `${source.file}: its aliases stand for more than ${LARGEST} values. Write them out or use fewer.`,
      );
    }
    if (!isAlias(node)) {
      return node ?? null;
    }
    const target = targets.get(node) ?? node.resolve(document);
    targets.set(node, target);
    if (target === undefined) {
      const line = source.lineAt(node.range?.[0] ?? 0);
      throw new Error(
        `${source.file}:${line}: the alias *${node.source} names no anchor above it. Correct it and run again.`,
      );
    }
    return target;
  };
}
