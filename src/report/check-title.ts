import { visible } from './visible.js';

/** GitHub shows this much of the title of a check run. */
const MOST_CHARACTERS = 250;

/** Untrusted text as the title of a check run, which is no Markdown: on one line, cut, with nothing in it hidden. */
export function checkTitle(text: string): string {
  const line = visible(text.toWellFormed().replace(/\s+/g, ' ').trim());
  return line.length <= MOST_CHARACTERS
    ? line
    : `${line
        .slice(0, MOST_CHARACTERS - 1)
        .toWellFormed()
        .trimEnd()}…`;
}
