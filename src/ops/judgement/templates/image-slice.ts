import { type Action, readAction } from './action.js';
import { imageRanges, isImageKey, plainLines, type Range } from './image-ranges.js';
import { type Literal, type Sayings, sayingsOf, sayingsUnder } from './said.js';
import { type TemplatePart, templateParts } from './template-parts.js';

/** A template of a chart. */
export interface Template {
  path: string;
  text: string;
}

/** Something that templates make an image of. */
export interface ImagePart {
  /** A text of a template, a file of the chart, or a field of it: `AppVersion`. */
  kind: 'text' | 'file' | 'field';
  text: string;
  path: string;
  line: number;
  /** Values that count before it. */
  unless: readonly string[];
}

/** What templates make images of. */
export interface ImageSlice {
  parts: ImagePart[];
  /** Paths of values: `image.tag`. */
  values: ReadonlySet<string>;
}

/** A piece of a template with what its action says. */
interface Piece {
  part: TemplatePart;
  action: Action;
}

interface Read extends Template {
  pieces: Piece[];
  ranges: readonly Range[];
}

/** What is being collected. */
interface Draft {
  files: readonly Read[];
  done: Set<TemplatePart>;
  open: { file: Read; piece: Piece; sayings: Sayings }[];
  found: ImagePart[];
  values: Set<string>;
}

/**
 * What the templates of a chart make images of: what stands behind `image:`, and from there the helpers that are included, the
 * variables, values, files and fields that are used. Where the name of a helper is made, all of them.
 */
export function imageSlice(templates: readonly Template[]): ImageSlice {
  const files = templates.map(readTemplate);
  const draft: Draft = { files, done: new Set(), open: [], found: [], values: new Set() };
  for (const file of files) {
    startIn(draft, file);
  }
  while (draft.open.length > 0) {
    for (const { file, piece, sayings } of draft.open.splice(0)) {
      collect(draft, file, piece, sayings);
    }
  }
  return { parts: draft.found, values: draft.values };
}

function readTemplate({ path, text }: Template): Read {
  const parts = templateParts(text);
  const pieces = parts.map((part) => ({ part, action: readAction(part.kind === 'action' ? part.text : '') }));
  return { path, text, pieces, ranges: imageRanges(text, parts) };
}

/** What leads to an image by itself. */
function startIn(draft: Draft, file: Read): void {
  for (const range of [...file.ranges, ...madeLines(file)]) {
    const inside = file.pieces.filter(({ part }) => part.start < range[1] && range[0] < part.end);
    for (const piece of inside.filter(({ part }) => isOutput(file, part))) {
      if (piece.part.kind === 'text') {
        addText(draft, file, piece.part, range);
      } else {
        lead(draft, file, piece);
      }
    }
  }
  for (const piece of file.pieces.filter(({ part }) => part.kind === 'action' && isOutput(file, part))) {
    const under = sayingsUnder(piece.action, isImageKey);
    if (isAny(under)) {
      draft.open.push({ file, piece, sayings: under });
    }
    if (sayingsOf(piece.action).literals.some(({ text }) => mayBeLine(text))) {
      lead(draft, file, piece);
    }
  }
}

/** Notes are shown and applied nowhere; helpers that stand there are helpers. */
function isOutput({ path }: Read, { define }: TemplatePart): boolean {
  return !path.endsWith('/NOTES.txt') || define !== undefined;
}

/** Whether a text may be a line of YAML, with a key: `image: …`. */
function mayBeLine(text: string): boolean {
  return /[\w%"']\s{0,9}:(?:\s|$)/.test(text) || text.trimEnd().includes('\n');
}

/** Lines whose key is put together from texts: nobody can tell which it is. */
function madeLines(file: Read): Range[] {
  const lines = plainLines(
    file.text,
    file.pieces.map(({ part }) => part),
  );
  return lines.flatMap(({ text, start }): Range[] => {
    const [key] = /^\s*(?:-\s+)?["']?[\w.-]*\uE000[\w.\uE000-]*["']?\s*:(?=\s|$|\uE000)/.exec(text) ?? [];
    const end = start + (key?.length ?? 0);
    const isMade = file.pieces.some(
      ({ part, action }) =>
        part.kind === 'action' && part.start >= start && part.end <= end && sayingsOf(action).literals.some(isMore),
    );
    return key !== undefined && isMade ? [[start, start + text.length]] : [];
  });
}

function isAny({ literals, values, files, fields, variables, includes }: Sayings): boolean {
  return [literals, values, files, fields, variables, includes].some((each) => each.length > 0);
}

/** An action leads to an image, and so do those that it is inside of: they say what `.` is. */
function lead(draft: Draft, file: Read, piece: Piece): void {
  if (draft.done.has(piece.part)) {
    return;
  }
  draft.done.add(piece.part);
  if (!/^(?:if|else(?! *with))\b/.test(piece.part.text)) {
    draft.open.push({ file, piece, sayings: sayingsOf(piece.action) });
  }
  for (const around of file.pieces.filter(({ part }) => piece.part.around.includes(part))) {
    lead(draft, file, around);
  }
}

function collect(draft: Draft, file: Read, { part }: Piece, sayings: Sayings): void {
  const add = (kind: ImagePart['kind'], text: string, unless: readonly string[] = []) =>
    draft.found.push({ kind, text, path: file.path, line: part.line, unless });
  for (const literal of sayings.literals.filter(isMore)) {
    add('text', literal.text, literal.unless);
  }
  for (const { text, unless } of sayings.fields) {
    add('field', text, unless);
  }
  for (const name of sayings.files) {
    add('file', name);
  }
  for (const path of sayings.values) {
    draft.values.add(path);
  }
  for (const name of sayings.includes) {
    leadDefinition(draft, name);
  }
  for (const variable of sayings.variables) {
    for (const piece of file.pieces.filter(({ action }) => action.sets.includes(variable))) {
      lead(draft, file, piece);
    }
  }
}

/** All that a helper says; all helpers where its name is made. */
function leadDefinition(draft: Draft, name: string | undefined): void {
  for (const file of draft.files) {
    for (const piece of file.pieces.filter(
      ({ part }) => part.define !== undefined && (name === undefined || part.define === name),
    )) {
      if (piece.part.kind === 'action') {
        lead(draft, file, piece);
      } else if (!draft.done.has(piece.part)) {
        draft.done.add(piece.part);
        addText(draft, file, piece.part, [piece.part.start, piece.part.end]);
      }
    }
  }
}

/** The words of a text, without keys and signs of YAML. */
function addText(draft: Draft, file: Read, { start, end, line }: TemplatePart, [from, to]: Range): void {
  const text = file.text.slice(Math.max(start, from), Math.min(end, to));
  for (const [index, each] of text.split('\n').entries()) {
    const said = each
      .replace(/(^|\s)#.*$/, '')
      .replace(/^\s*(?:-\s+)?["']?[\w.-]+["']?\s*:(?=\s|$)/, '')
      .replace(/^[\s"'>|{}[\],-]+|[\s"',{}[\]]+$/g, '');
    if (isMore({ text: said, unless: [], isFormat: false })) {
      const own = line + file.text.slice(start, Math.max(start, from)).split('\n').length - 1 + index;
      draft.found.push({ kind: 'text', text: said, path: file.path, line: own, unless: [] });
    }
  }
}

/** Whether a text is more than a format or a sign between two others. */
function isMore({ text, isFormat }: Literal): boolean {
  const own = isFormat ? text.replace(/%[-+# \d.]{0,9}[a-zA-Z%]/g, '') : text;
  return /[\p{L}\p{N}]/u.test(own.replace(/\b(?:sha256|v)\b/g, ''));
}
