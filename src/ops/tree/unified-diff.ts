import { createTwoFilesPatch } from 'diff';
import type { Change } from './change.js';

/**
 * A change as a unified diff with two lines of context.
 *
 * @param before the texts of the changed files by path; a file that is not there is new
 */
export function unifiedDiff(before: ReadonlyMap<string, string>, change: Change): string {
  const written = [...change.files].map(([path, text]) => patch(path, before.get(path), text));
  const gone = (change.deletions ?? []).map((path) => patch(path, before.get(path) ?? '', undefined));
  return [...written, ...gone].join('');
}

/** The diff of one file; a text is `undefined` where the file does not exist. */
function patch(path: string, before: string | undefined, after: string | undefined): string {
  return createTwoFilesPatch(
    before === undefined ? '/dev/null' : `a/${path}`,
    after === undefined ? '/dev/null' : `b/${path}`,
    before ?? '',
    after ?? '',
    undefined,
    undefined,
    { context: 2 },
  ).replace(/^=+\n/, '');
}
