/** A line of a message that is its own; `undefined` for one that it quotes. */
export type OwnLine = string | undefined;

/**
 * The lines of a message's body, with `undefined` in place of those that it quotes and that are not its own: lines after
 * `>`, fenced code, and what is folded or quoted in HTML, as bots do with the release notes of others.
 */
export function ownLines(lines: readonly string[]): OwnLine[] {
  const quotes = htmlQuotes(lines);
  // A fence that nothing closes is no fence.
  const lastFence = new Map(lines.map((line, index) => [line.trimEnd(), index]));
  let fence: string | undefined;
  return lines.map((raw, index) => {
    const line = raw.trimEnd();
    const mark = /^(?:```|~~~)/.exec(line)?.[0];
    if (fence === undefined && mark !== undefined && (lastFence.get(mark) ?? 0) > index) {
      fence = mark;
      return undefined;
    }
    if (fence !== undefined) {
      fence = line === fence ? undefined : fence;
      return undefined;
    }
    return line.startsWith('>') || (quotes[index] ?? 0) > 0 ? undefined : line;
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
