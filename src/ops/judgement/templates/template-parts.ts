/** A piece of a template of Helm: text as it is, or what stands between `{{` and `}}`. */
export interface TemplatePart {
  kind: 'text' | 'action';
  /** The text; of an action what it says, without its braces. Comments say nothing. */
  text: string;
  /** Where it is in the file. */
  start: number;
  end: number;
  line: number;
  /** The name of the definition that it is in; `undefined` outside of all. */
  define: string | undefined;
  /** The actions `with` and `range` that it is inside of: what they say is `.` there. */
  around: readonly TemplatePart[];
}

/** A block that is open, and what it is. */
interface Open {
  word: string;
  define: string | undefined;
  around: readonly TemplatePart[];
}

const OPENING = /^(if|range|with|define|block)\b/;
/** What is given between quotes, by the sign that begins it; a quoted text may hold the sign behind a backslash. */
const QUOTED = /"(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\\n]|\\.)*'/y;

/**
 * The pieces of a template, in order.
 *
 * @see https://pkg.go.dev/text/template
 */
export function templateParts(text: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  const open: Open[] = [];
  let [at, line] = [0, 1];
  const add = (kind: TemplatePart['kind'], end: number, said: string) => {
    const { define, around = [] } = open.at(-1) ?? {};
    const part: TemplatePart = { kind, text: said, start: at, end, line, define, around };
    parts.push(part);
    line += text.slice(at, end).split('\n').length - 1;
    at = end;
    return part;
  };
  while (at < text.length) {
    const start = text.indexOf('{{', at);
    const before = start < 0 ? text.length : start;
    if (before > at) {
      add('text', before, text.slice(at, before));
    }
    if (start >= 0) {
      const end = endOfAction(text, start);
      const said = text.slice(start + 2, end - 2).replace(/^-(?=\s)|\s-$/g, '');
      follow(open, add('action', end, said.trimStart().startsWith('/*') ? '' : said.trim()));
    }
  }
  return parts;
}

/** Opens and closes blocks. */
function follow(open: Open[], part: TemplatePart): void {
  const { text, define, around } = part;
  if (/^end\b/.test(text)) {
    open.pop();
    return;
  }
  const word = OPENING.exec(text)?.[1];
  if (word === undefined) {
    return;
  }
  const isDefining = word === 'define' || word === 'block';
  const name = /^\w+\s+["`]([^"`]*)["`]/.exec(text)?.[1];
  open.push({
    word,
    define: isDefining ? (name ?? '') : define,
    around: isDefining ? [] : word === 'if' ? around : [...around, part],
  });
}

function endOfAction(text: string, start: number): number {
  const comment = /^\{\{-?\s*\/\*/.exec(text.slice(start, start + 100));
  if (comment !== null) {
    const end = text.indexOf('}}', Math.max(text.indexOf('*/', start), start));
    return end < 0 ? text.length : end + 2;
  }
  for (let at = start + 2; at < text.length; ) {
    if (text.startsWith('}}', at)) {
      return at + 2;
    }
    QUOTED.lastIndex = at;
    at = QUOTED.test(text) ? QUOTED.lastIndex : at + 1;
  }
  return text.length;
}
