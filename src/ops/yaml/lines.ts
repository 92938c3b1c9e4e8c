import type { Splice } from './splice.js';

/** Offset of the first character of the line that an offset is in. */
export function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

/** Column of an offset in its line, from 0. */
export function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

/** Offset of the line break (`\n` or `\r\n`) after an offset, or the length of the text. */
export function lineEnd(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  if (newline < 0) {
    return text.length;
  }
  return newline > offset && text[newline - 1] === '\r' ? newline - 1 : newline;
}

/** Offset of the first character after the line that an offset is in. */
export function nextLine(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  return newline < 0 ? text.length : newline + 1;
}

/** The line break (`\n` or `\r\n`) that the text uses at an offset. */
export function lineBreak(text: string, offset: number): string {
  const newline = text.indexOf('\n', offset);
  const found = newline < 0 ? text.lastIndexOf('\n') : newline;
  return found > 0 && text[found - 1] === '\r' ? '\r\n' : '\n';
}

/** The replacement that adds whole lines after the line in which a value ends. */
export function insertLines(text: string, end: number, lines: readonly string[]): Splice {
  const br = lineBreak(text, Math.max(0, end - 1));
  if (end > 0 && text[end - 1] === '\n') {
    // The value is a block scalar, which ends with its own line break.
    return { start: end, end, text: lines.map((line) => line + br).join('') };
  }
  const at = lineEnd(text, end);
  return { start: at, end: at, text: lines.map((line) => br + line).join('') };
}
