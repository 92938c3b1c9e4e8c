/** One line of `go.mod` or `go.work`, those of a block each with the word before it: `require`, `replace`, `use`. */
export interface GoLine {
  directive: string;
  /** The words after it, without quotes. */
  words: readonly string[];
}

/** A comment to the end of the line, a word in quotes (that may be left open), a sign, or a word. */
const TOKEN = /\/\/.*|"(?:[^"\\]|\\.)*\\?(?:"|$)|`[^`]*(?:`|$)|=>|[()]|(?:(?!\/\/)[^\s()"`])+/g;

/**
 * Reads a file of Go's module grammar. What cannot be a line of it is left out.
 *
 * @see https://go.dev/ref/mod#go-mod-file-grammar
 */
export function readGoFile(text: string): GoLine[] {
  const lines: GoLine[] = [];
  let block: string | undefined;
  for (const line of text.split('\n')) {
    const [first, second, ...rest] = tokens(line);
    if (block !== undefined && first === ')') {
      block = undefined;
    } else if (block !== undefined && first !== undefined) {
      lines.push({ directive: block, words: [first, second, ...rest].filter((word) => word !== undefined) });
    } else if (first !== undefined && second === '(') {
      // An empty block may be closed on its own line.
      block = rest[0] === ')' ? undefined : first;
    } else if (first !== undefined && second !== undefined) {
      lines.push({ directive: first, words: [second, ...rest] });
    }
  }
  return lines;
}

function tokens(line: string): string[] {
  return [...line.matchAll(TOKEN)]
    .map(([token]) => token)
    .filter((token) => !token.startsWith('//'))
    .map((token) => (/^["`]/.test(token) ? token.slice(1, -1) : token));
}
