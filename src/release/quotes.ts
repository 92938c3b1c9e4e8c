import { markdownLines } from '../report/markdown-lines.js';

/** A line of a message that is its own; `undefined` for one that it quotes. */
export type OwnLine = string | undefined;

/**
 * The lines of a message's body, with `undefined` in place of those that it quotes and that are not its own: lines after
 * `>`, fenced code, comments of HTML, and what is folded or quoted in HTML, as bots do with the release notes of others.
 */
export function ownLines(lines: readonly string[]): OwnLine[] {
  const quotes = htmlQuotes(lines);
  return markdownLines(lines, 'shows').map(({ text, isCode, hid }, index) => {
    const line = text.trimEnd();
    const isHidden = isCode || (hid && line === '');
    return isHidden || line.startsWith('>') || (quotes[index] ?? 0) > 0 ? undefined : line;
  });
}

/** For each line, how many `<details>` and `<blockquote>` it is in. A tag that is never closed folds nothing. */
function htmlQuotes(lines: readonly string[]): number[] {
  const steps = new Array<number>(lines.length + 1).fill(0);
  const open: number[] = [];
  const step = (at: number, by: number) => {
    steps[at] = (steps[at] ?? 0) + by;
  };
  for (const [index, line] of lines.entries()) {
    for (const [tag] of line.matchAll(/<\/?(?:details|blockquote)\b/gi)) {
      const start = tag.startsWith('</') ? open.pop() : undefined;
      if (!tag.startsWith('</')) {
        open.push(index);
      } else if (start !== undefined) {
        step(start, 1);
        step(index + 1, -1);
      }
    }
  }
  let depth = 0;
  return steps.map((by) => {
    depth += by;
    return depth;
  });
}
