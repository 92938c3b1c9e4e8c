/** A stretch of a file that a change may touch. */
export interface Hole {
  /** What stands there. */
  before: string;
  /** What may stand there afterwards, as the source of a regular expression. */
  after: string;
}

/** A piece of a file: text that must stay as it is, or a hole. */
export type Part = string | Hole;

/** The file as it is before the change. */
export function textOf(parts: readonly Part[]): string {
  return parts.map((part) => (typeof part === 'string' ? part : part.before)).join('');
}

/** What the file may look like after the change: every character outside the holes as it was. */
export function patternOf(parts: readonly Part[]): RegExp {
  return new RegExp(`^${parts.map((part) => (typeof part === 'string' ? escaped(part) : part.after)).join('')}$`);
}

/** The source of a regular expression for this very text. */
export function escaped(content: string): string {
  return content.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

/** A text on one line in any spelling of it: plain, or in quotes. */
export function anySpelling(value: string): string {
  const [plain, double] = [escaped(value), escaped(JSON.stringify(value))];
  return value === '' ? `(?:''|"")` : `(?:${plain}|'${plain}'|${double})`;
}

/** All parts with a function applied to their text; in holes to both sides. */
export function mapText(parts: readonly Part[], change: (content: string) => string): Part[] {
  return parts.map((part) =>
    typeof part === 'string' ? change(part) : { before: change(part.before), after: change(part.after) },
  );
}

/** The parts with a margin before every line that holds something. */
export function indented(parts: readonly Part[], margin: string): Part[] {
  let fresh = true;
  return parts.map((part) => {
    const opens = fresh;
    const content = typeof part === 'string' ? part : part.before;
    fresh = content === '' ? fresh : content.endsWith('\n');
    if (typeof part === 'string') {
      return shift(part, opens, margin);
    }
    return { before: shift(part.before, opens, margin), after: shift(part.after, opens, margin) };
  });
}

function shift(content: string, opens: boolean, margin: string): string {
  const inner = content.replace(/\n(?=[^\n])/g, `\n${margin}`);
  return opens && inner !== '' && !inner.startsWith('\n') ? margin + inner : inner;
}
