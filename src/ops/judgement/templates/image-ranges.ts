import type { TemplatePart } from './template-parts.js';

/** What stands for an action in a line; no template has it. */
const ACTION = '\uE000';

/** Keys of images, and of what they are put together from. */
const KEY =
  /^(?:\w*[iI]mage|image[-_]?(?:name|tag|ref|reference|repository|registry|digest|version)|tag|digest|repository|registry|reference|newTag|newName)$/i;
/** `image:` in a line, with what is before it. */
const KEYED = /(^|[\s{,-])(["']?)([\w-]{1,60})\2\s{0,9}:(?=[\s\uE000"'>|{[]|$)/g;

/** Whether a key is that of an image. */
export function isImageKey(key: string): boolean {
  return KEY.test(key);
}

/** A range of a file, from its first character to before its last. */
export type Range = readonly [start: number, end: number];

/** The ranges of a template that say an image: what is behind a key of one, in its line and in the lines below that belong to it. */
export function imageRanges(text: string, parts: readonly TemplatePart[]): Range[] {
  const lines = plainLines(text, parts);
  return lines.flatMap((line, index) => {
    const code = line.text.replace(/(^|\s)#.*$/, '$1');
    return [...code.matchAll(KEYED)].flatMap((match): Range[] => {
      const [all, before = '', , key = ''] = match;
      if (!isImageKey(key)) {
        return [];
      }
      const from = match.index + all.length;
      if (isWithoutVersion(key, code.slice(from))) {
        return [];
      }
      if (/[{,]\s*$/.test(code.slice(0, match.index + before.length))) {
        return [[line.start + from, line.start + from + inFlow(code.slice(from))]];
      }
      const column = match.index + before.length;
      const below = linesBelow(lines, index, column, code.slice(from).trim() === '');
      return [[line.start + from, line.start + code.length], ...below];
    });
  });
}

/** Whether a value is a plain image without a version: of these no file says which runs. */
function isWithoutVersion(key: string, rest: string): boolean {
  const [, text] = /^\s*["']?([\w./-]+)["']?\s*$/.exec(rest) ?? [];
  return /image$/i.test(key) && text !== undefined;
}

/** A line of a file, in which actions are a sign over and over. */
interface PlainLine {
  text: string;
  start: number;
}

/** The lines of a template. An action goes over none. */
export function plainLines(text: string, parts: readonly TemplatePart[]): PlainLine[] {
  const plain = parts
    .map(({ kind, start, end }) => (kind === 'text' ? text.slice(start, end) : ACTION.repeat(end - start)))
    .join('');
  let start = 0;
  return plain.split('\n').map((line) => {
    const own = { text: line, start };
    start += line.length + 1;
    return own;
  });
}

/** How much of the rest of a line is a value between braces. */
function inFlow(rest: string): number {
  let quote = '';
  for (let at = 0; at < rest.length; at++) {
    const sign = rest[at] ?? '';
    if (quote !== '') {
      quote = sign === quote ? '' : quote;
    } else if (sign === '"' || sign === "'") {
      quote = sign;
    } else if (/[,}\]]/.test(sign)) {
      return at;
    }
  }
  return rest.length;
}

/** The lines that go on with a value: deeper ones and, where it has not begun yet, those of actions alone. */
function linesBelow(lines: readonly PlainLine[], index: number, column: number, isOpen: boolean): Range[] {
  const found: Range[] = [];
  for (const { text, start } of lines.slice(index + 1)) {
    const isEmpty = /^[\s\uE000]*$/.test(text);
    const indent = text.length - text.trimStart().length;
    if (!(indent > column || (isEmpty && (isOpen || text.trim() === '')))) {
      break;
    }
    // How an image is fetched says nothing of which it is.
    if (!/^\s*["']?\w*(?:policy|secrets?)["']?\s*:/i.test(text)) {
      found.push([start, start + text.length]);
    }
  }
  return found;
}
