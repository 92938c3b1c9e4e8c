import { createTwoFilesPatch } from 'diff';
import type { Change } from './change.js';

/**
 * What a change does to the files, as a unified diff with two lines of context.
 *
 * @param before the files' texts by path; one that is missing is new
 */
export function unifiedDiff(before: ReadonlyMap<string, string>, change: Change): string {
  return [...change.files]
    .map(([path, text]) =>
      createTwoFilesPatch(
        before.has(path) ? `a/${path}` : '/dev/null',
        `b/${path}`,
        before.get(path) ?? '',
        text,
        undefined,
        undefined,
        { context: 2 },
      ).replace(/^=+\n/, ''),
    )
    .join('');
}
