/** A line of Markdown as its reader sees it. */
export interface MarkdownLine {
  /** Without comments of HTML. Of code, all of it. */
  text: string;
  /** Whether it is fenced code, or one of its fences. */
  isCode: boolean;
  /** Whether a comment was taken out of it. */
  hid: boolean;
}

/** A line that begins or ends fenced code. */
interface Fence {
  sign: '`' | '~';
  length: number;
  /** Only such a line ends one. */
  isAlone: boolean;
}

/**
 * Tells code and comments of HTML in lines of Markdown. Inside of one the other is nothing. A fence that nothing closes is no
 * fence. The time it takes grows with the text and no faster.
 *
 * @param unended what a comment is that nothing ends: on GitHub's pages it hides the rest, in a commit it is text
 */
export function markdownLines(lines: readonly string[], unended: 'hides' | 'shows'): MarkdownLine[] {
  const closing = longestAfter(lines);
  const comments = new Comments(lines, unended);
  let fence: Fence | undefined;
  return lines.map((line, index) => {
    const mark = comments.isOpen ? undefined : fenceOf(line);
    if (fence !== undefined) {
      const ends = mark?.isAlone === true && mark.sign === fence.sign && mark.length >= fence.length;
      fence = ends ? undefined : fence;
      return { text: line, isCode: true, hid: false };
    }
    if (mark !== undefined && (closing[index + 1]?.[mark.sign] ?? 0) >= mark.length) {
      fence = mark;
      return { text: line, isCode: true, hid: false };
    }
    const text = comments.takenOut(line, index);
    return { text, isCode: false, hid: text !== line };
  });
}

const [START, END] = ['<!--', '-->'];

/** Takes comments out of one line after the other. */
class Comments {
  isOpen = false;
  /** The last line that ends one. */
  readonly #last: number;

  constructor(
    lines: readonly string[],
    readonly unended: 'hides' | 'shows',
  ) {
    this.#last = lines.findLastIndex((line) => line.includes(END));
  }

  takenOut(line: string, index: number): string {
    let [rest, kept] = [line, ''];
    while (rest !== '') {
      if (this.isOpen) {
        const end = rest.indexOf(END);
        this.isOpen = end < 0;
        rest = end < 0 ? '' : rest.slice(end + END.length);
        continue;
      }
      const start = rest.indexOf(START);
      const isEnded = start >= 0 && (this.#last > index || rest.indexOf(END, start + START.length) >= 0);
      if (start < 0 || (!isEnded && this.unended === 'shows')) {
        return kept + rest;
      }
      kept += rest.slice(0, start);
      rest = rest.slice(start + START.length);
      this.isOpen = true;
    }
    return kept;
  }
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
