import { visible } from './visible.js';

/**
 * Untrusted text for a place of GitHub's that shows it as it is, such as the title of a check, or the description of a status or of a
 * deployment: on one line, cut, with nothing in it hidden.
 *
 * @param most UTF-16 units, which are more than the characters that GitHub counts
 */
export function shortLine(text: string, most: number): string {
  const line = visible(text.toWellFormed().replace(/\s+/g, ' ').trim());
  return line.length <= most
    ? line
    : `${line
        .slice(0, most - 1)
        .toWellFormed()
        .trimEnd()}…`;
}
