import { type Document, isAlias, type Node } from 'yaml';
import { aliasTarget } from './alias-target.js';
import { FileError } from './file-error.js';
import type { YamlFile } from './parse.js';

/** More values than any hand-written file has. Keeps aliases of aliases ("billion laughs") from filling the memory. */
const MAX_VALUES = 200_000;

/**
 * Creates a function that resolves a node of a document: an alias to the value of its anchor, any other node to itself.
 *
 * The function throws a FileError when an alias has no anchor, or aliases expand to more than `MAX_VALUES` values.
 */
export function aliasResolver(
  source: YamlFile,
  document: Document.Parsed,
): (node: Node | null | undefined) => Node | null {
  let count = 0;
  return (node) => {
    count += 1;
    if (count > MAX_VALUES) {
      throw new FileError(
        `${source.file}: its aliases stand for more than ${MAX_VALUES} values. Write them out or use fewer.`,
        source.file,
      );
    }
    if (!isAlias(node)) {
      return node ?? null;
    }
    const target = aliasTarget(document, node);
    if (target === undefined) {
      const line = source.lineAt(node.range?.[0] ?? 0);
      throw new FileError(
        `${source.file}:${line}: the alias *${node.source} names no anchor above it. Correct it and run again.`,
        source.file,
        line,
      );
    }
    return target;
  };
}
