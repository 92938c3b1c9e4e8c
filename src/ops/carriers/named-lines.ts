import { formatPath } from '../yaml/path.js';
import type { Carrier } from './carrier.js';
import { fileNodes } from './file-nodes.js';
import { objectName } from './named-value.js';
import type { OverlayFile } from './overlay-file.js';

/** A value that `carriers` of a policy can name. */
export type NameableValue = Pick<Carrier, 'file' | 'document' | 'edits'>;

/** The lines of `ostack.yaml` that say of values that they carry the version of an image. */
export function carriersLines(
  files: readonly OverlayFile[],
  values: readonly NameableValue[],
  repository: string,
): string {
  const entries = values.flatMap(({ file, document, edits: [edit] }) => {
    const text = files.find(({ path }) => path === file)?.text ?? '';
    const object = edit === undefined ? '' : objectIn(text, file, document);
    return edit === undefined
      ? []
      : [
          `  - file: ${file}\n    path: ${plainPath(formatPath(edit.path))}\n` +
            `${object === '' ? '' : `    object: ${object}\n`}    image: ${repository}\n`,
        ];
  });
  return `carriers:\n${entries.join('')}`;
}

/** The object of a document, where a file has several. */
function objectIn(text: string, file: string, document: number): string {
  const roots = fileNodes(text, file).filter(({ path }) => path.length === 0);
  const own = roots.find((root) => root.document === document);
  return roots.length < 2 || own === undefined ? '' : objectName(own);
}

/** A path as `carriers` has it: steps into YAML inside a text are not written. */
function plainPath(path: string): string {
  const plain = path.replaceAll(' » [', '[').replaceAll(' » ', '.');
  return /^[\w$/.-][\w$/.[\]-]*$/.test(plain) ? plain : JSON.stringify(plain);
}
