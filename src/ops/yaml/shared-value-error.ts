import { isAlias, visit } from 'yaml';
import type { FlatEdit } from './edits.js';
import { lineOf, locate } from './locate.js';
import type { YamlFile } from './parse.js';
import { formatPath } from './path.js';

/**
 * Explains why a value cannot be changed on its own: it is an alias, or an alias refers to it.
 *
 * @returns an error with both lines, or `undefined` when no edit touches a shared value
 */
export function sharedValueError(source: YamlFile, edits: readonly FlatEdit[]): Error | undefined {
  for (const edit of edits) {
    const location = locate(source, edit.document, edit.path);
    const alias = location.aliases.at(-1);
    if (alias !== undefined) {
      const anchored = alias.resolve(location.document);
      return new Error(
        `${source.file}:${lineOf(source, alias)}: ${formatPath(edit.path)} is the alias *${alias.source} of the value on ` +
          `line ${lineOf(source, anchored)}, which would change too. Write the value out on line ` +
          `${lineOf(source, alias)} and run again.`,
      );
    }
    const reference = firstAliasOf(source, edit, location.anchors);
    if (reference !== undefined) {
      return new Error(
        `${source.file}:${lineOf(source, location.node)}: ${formatPath(edit.path)} is part of the anchor &${reference.anchor}, ` +
          `whose alias on line ${reference.line} would change too. Write the value out on line ${reference.line} and run again.`,
      );
    }
  }
  return undefined;
}

/** The first alias of one of the anchors, in the order of the document. */
function firstAliasOf(
  source: YamlFile,
  edit: FlatEdit,
  anchors: readonly string[],
): { anchor: string; line: number } | undefined {
  let found: { anchor: string; line: number } | undefined;
  const document = source.documents[edit.document];
  if (document !== undefined) {
    visit(document, {
      Alias: (_, node) => {
        if (found === undefined && isAlias(node) && anchors.includes(node.source)) {
          found = { anchor: node.source, line: lineOf(source, node) };
        }
      },
    });
  }
  return found;
}
