import type { Anchors } from './anchors.js';
import type { Choices } from './choices.js';
import { lineTail } from './comments.js';
import { anySpelling, escaped, type Hole, type Part, textOf } from './parts.js';
import { type Context, isPlain, scalar } from './scalars.js';
import type { Entry, ListTree, MapTree, Tree } from './tree.js';

/** How collections in `{…}` and `[…]` are written. */
export interface FlowStyle {
  choices: Choices;
  anchors: Anchors;
  /** How far lines after the first are indented; `undefined` where all must stand on one line. */
  column: number | undefined;
}

/** A tree in flow style. */
export function flow(tree: Tree, style: FlowStyle): Part[] {
  switch (tree.kind) {
    case 'map':
      return collection(tree, '{', '}', style);
    case 'list':
      return collection(tree, '[', ']', style);
    case 'text':
      return scalar(tree, contextOf(style), style.choices);
    case 'nested':
      throw new Error('YAML inside YAML is not written in flow style.');
  }
}

function contextOf(style: FlowStyle): Context {
  return style.column === undefined ? 'line' : 'flow';
}

/** A value with its anchor, or the alias that stands for it. */
export function anchored(tree: Tree, style: FlowStyle, write: () => Part[]): Part[] {
  const reference = style.anchors.of(tree);
  return 'alias' in reference ? [reference.alias, { before: ' ', after: ' ?' }] : [reference.anchor, ...write()];
}

function collection(tree: MapTree | ListTree, open: string, close: string, style: FlowStyle): Part[] {
  const { choices, column } = style;
  const spread = column !== undefined && choices.once(3);
  const gap = gapsOf(style, spread);
  const members: Entry[] = tree.kind === 'map' ? tree.entries : tree.items.map((value) => ({ key: '', value }));
  const json = choices.once(4);
  const parts: Part[] = [open, ...gap(false)];
  for (const [index, member] of members.entries()) {
    const last = index === members.length - 1;
    const removed = member.removed === true;
    const next = members[index + 1]?.removed === true;
    const inner =
      tree.kind === 'map' ? pair(member, style, json) : anchored(member.value, style, () => flow(member.value, style));
    parts.push(
      ...(removed ? [gone(inner)] : inner),
      ...additions(member),
      isEmpty(member.value) ? { before: ' ', after: ' ?' } : { before: '', after: ' ?' },
    );
    if (!last) {
      parts.push(
        removed || next ? { before: ',', after: ',?' } : ',',
        ...gap(removed || next, spread || !json, removed),
      );
    } else if (choices.once(6)) {
      parts.push(removed ? { before: ',', after: ',?' } : ',');
    }
  }
  const emptied = members.at(-1)?.removed === true;
  return [...parts, ...gap(emptied, false, emptied), close];
}

/** White space after a comma or bracket; soft next to a pair that goes away. */
function gapsOf(
  { choices, column = 0 }: FlowStyle,
  spread: boolean,
): (soft: boolean, needed?: boolean, gone?: boolean) => Part[] {
  const soften = (space: string, soft: boolean): Part[] =>
    space === '' ? [] : [soft ? { before: space, after: '\\s*' } : space];
  return (soft, needed = false, gone = false) => {
    if (!spread) {
      return soften(needed ? choices.of(' ', '  ') : choices.of('', ' '), soft);
    }
    const tail = lineTail(choices);
    const remark = tail.trimStart().startsWith('#') ? tail : '';
    // A comment after a removed pair is removed too; that of its neighbour stays.
    const optional = gone ? { before: remark, after: `(?:${escaped(remark)})?` } : remark;
    return [...(remark === '' ? [] : [optional]), ...soften(`\n${' '.repeat(column)}`, soft)];
  };
}

function pair(entry: Entry, style: FlowStyle, json: boolean): Part[] {
  const { choices } = style;
  const key = keyText(entry.key, true, json ? 'double' : choices.of('plain', 'plain', 'plain', 'single', 'double'));
  const { value } = entry;
  if (value.kind === 'text' && value.empty === true) {
    return [`${key}:`, filling(value.after)];
  }
  const written = entry.removed === true ? flow(value, style) : anchored(value, style, () => flow(value, style));
  const tight = /^["']/.test(key) && /^["'{[]/.test(textOf(written)) && choices.once(2);
  return [key, tight ? ':' : choices.once(20) ? ' : ' : ': ', ...written];
}

function isEmpty(tree: Tree): boolean {
  return tree.kind === 'text' && tree.empty === true;
}

function gone(parts: readonly Part[]): Hole {
  return { before: textOf(parts), after: '' };
}

/** What an empty value becomes. */
export function filling(after: string | undefined): Part {
  return after === undefined ? '' : { before: '', after: `(?: ${anySpelling(after)})` };
}

function additions({ added = [] }: Entry): Part[] {
  return added.map(({ key, value }) => ({
    before: '',
    after: `,\\s*["']?${escaped(key)}["']?: ?${anySpelling(value)}`,
  }));
}

/** A key, in quotes where it needs them. */
export function keyText(key: string, inFlow: boolean, style: 'plain' | 'single' | 'double'): string {
  if (style === 'plain' && isPlain(key, inFlow)) {
    return key;
  }
  return style === 'single' ? `'${key}'` : JSON.stringify(key);
}
