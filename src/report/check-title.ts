import { shortLine } from './short-line.js';

/** GitHub shows this much of the title of a check run. */
const MOST_CHARACTERS = 250;

/** Untrusted text as the title of a check run, which is no Markdown: a `shortLine`. */
export function checkTitle(text: string): string {
  return shortLine(text, MOST_CHARACTERS);
}
