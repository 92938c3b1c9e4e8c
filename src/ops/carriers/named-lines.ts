import { formatPath } from '../yaml/path.js';
import { staysText } from '../yaml/scalar.js';
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
    const source = files.find(({ path }) => path === file);
    const object = edit === undefined ? '' : objectIn(source?.text ?? '', file, document);
    return edit === undefined
      ? []
      : [
          `  - file: ${plain(pattern(file, source?.environment))}\n    path: ${plainPath(formatPath(edit.path))}\n` +
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
  return plain(path.replaceAll(' » [', '[').replaceAll(' » ', '.'));
}

/** A text as YAML, in quotes where it needs them. */
function plain(text: string): string {
  return staysText(text, 'block') ? text : JSON.stringify(text);
}

/** The path of a file in every environment: with `{environment}` where it names its own. */
export function pattern(file: string, environment: string | undefined): string {
  const segments = file.split('/');
  const whole = segments.indexOf(environment ?? '');
  const at = whole >= 0 ? whole : segments.findIndex((segment) => wordAt(segment, environment ?? '') >= 0);
  return segments.map((segment, index) => (index === at ? generalized(segment, environment ?? '') : segment)).join('/');
}

function generalized(segment: string, environment: string): string {
  const at = wordAt(segment, environment);
  return `${segment.slice(0, at)}{environment}${segment.slice(at + environment.length)}`;
}

/** Where a name has a word; -1 for nowhere. */
function wordAt(segment: string, word: string): number {
  const at = word === '' ? -1 : segment.indexOf(word);
  const around = `${segment[at - 1] ?? ''}${segment[at + word.length] ?? ''}`;
  return at < 0 || /[a-z0-9]/i.test(around) ? -1 : at;
}
