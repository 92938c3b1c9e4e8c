/** A line of a message that is its own; `undefined` for one that it quotes. */
export type OwnLine = string | undefined;

/**
 * The lines of a message's body, with `undefined` in place of those that it quotes and that are not its own: lines after
 * `>`, fenced code, comments of HTML, and what is folded or quoted in HTML, as bots do with the release notes of others.
 */
export function ownLines(lines: readonly string[]): OwnLine[] {
  const shown = withoutComments(lines);
  const quotes = htmlQuotes(lines);
  const closing = longestAfter(lines);
  let fence: Fence | undefined;
  return shown.map((raw, index) => {
    const line = raw?.trimEnd();
    const mark = fenceOf(line ?? '');
    // A fence that nothing closes is no fence.
    if (fence === undefined && mark !== undefined && (closing[index + 1]?.[mark.sign] ?? 0) >= mark.length) {
      fence = mark;
      return undefined;
    }
    if (fence !== undefined) {
      const ends = mark?.isAlone === true && mark.sign === fence.sign && mark.length >= fence.length;
      fence = ends ? undefined : fence;
      return undefined;
    }
    return line?.startsWith('>') || (quotes[index] ?? 0) > 0 ? undefined : line;
  });
}

/** A line that begins or ends fenced code. */
interface Fence {
  sign: '`' | '~';
  length: number;
  /** Only such a line ends one. */
  isAlone: boolean;
}

/** A fence stands at the start of a line, or indented where it is in a list. */
function fenceOf(line: string): Fence | undefined {
  const text = line.trim();
  const sign = text.startsWith('```') ? '`' : text.startsWith('~~~') ? '~' : undefined;
  if (sign === undefined) {
    return undefined;
  }
  let length = 3;
  while (text[length] === sign) {
    length++;
  }
  return { sign, length, isAlone: text.length === length };
}

/** For each line, how long the longest fence is that ends code there or after it. */
function longestAfter(lines: readonly string[]): Record<Fence['sign'], number>[] {
  const longest = new Array<Record<Fence['sign'], number>>(lines.length + 1).fill({ '`': 0, '~': 0 });
  for (let index = lines.length - 1; index >= 0; index--) {
    const after = longest[index + 1] ?? { '`': 0, '~': 0 };
    const mark = fenceOf(lines[index] ?? '');
    longest[index] =
      mark?.isAlone === true ? { ...after, [mark.sign]: Math.max(after[mark.sign], mark.length) } : after;
  }
  return longest;
}

/** The lines without comments of HTML; `undefined` for one that has nothing else. A comment that nothing ends is none. */
function withoutComments(lines: readonly string[]): OwnLine[] {
  const text = lines.join('\n');
  const end = text.lastIndexOf('-->') + '-->'.length;
  if (end < '-->'.length) {
    return [...lines];
  }
  const [first = '', ...comments] = text.slice(0, end).split('<!--');
  const shown = comments.map((part) => {
    const close = part.indexOf('-->');
    return close < 0 ? lineEnds(part) : lineEnds(part.slice(0, close)) + part.slice(close + '-->'.length);
  });
  return (first + shown.join('') + text.slice(end))
    .split('\n')
    .map((line, index) => (line.trim() === '' && line !== lines[index] ? undefined : line));
}

/** What a hidden text leaves, so that each line keeps its place. */
function lineEnds(text: string): string {
  return text.replace(/[^\n]/g, '');
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
