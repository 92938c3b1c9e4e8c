import type { Edit } from '../yaml/edits.js';
import { formatPath } from '../yaml/path.js';
import { versionText } from './version-text.js';
import type { YamlNode } from './yaml-nodes.js';

/**
 * Whether a path is that of a file whose name has no ending and could be an app's or environment's:
 * `image-tags/staging/web`. What repositories have beside such files is in capital letters: `OWNERS`, `Makefile`.
 */
export function isBareFile(path: string): boolean {
  return /(^|\/)[a-z0-9][a-z0-9_-]*$/.test(path);
}

/** A file that holds a version and nothing else, as one value; `undefined` for any other text. */
export function wholeNode(text: string): YamlNode | undefined {
  const { value, line } = contentOf(text);
  return value === '' || /\s/.test(value) || versionText(value) === undefined
    ? undefined
    : {
        ...{ path: [], document: 0, parent: undefined, above: [], key: '', isWhole: true },
        value: { kind: 'text', line, text: value },
      };
}

/**
 * Sets the version in such a file, as it is: nothing reads it as YAML, so that it gets no quotes.
 *
 * @param file path of the file, for messages
 * @throws Error where something else than the whole is to be changed, or the new text is not one word
 */
export function editWhole(text: string, edits: readonly Edit[], file: string): string {
  const { value, start } = contentOf(text);
  return edits.reduce((_, edit) => {
    if (edit.path.length > 0 || !('value' in edit) || !/^\S+$/.test(edit.value)) {
      throw new Error(`${file}: ${formatPath(edit.path)} cannot be changed there: the file is one version.`);
    }
    return text.slice(0, start) + edit.value + text.slice(start + value.length);
  }, text);
}

/** What is between the empty space at both ends. */
function contentOf(text: string): { value: string; start: number; line: number } {
  const [before = ''] = /^[\uFEFF\s]*/.exec(text) ?? [];
  return { value: text.slice(before.length).trimEnd(), start: before.length, line: before.split('\n').length };
}
