import { Anchors } from './anchors.js';
import type { Choices } from './choices.js';
import { lines, lineTail } from './comments.js';
import { anchored, filling, flow, keyText } from './flow.js';
import { anySpelling, escaped, indented, mapText, type Part, textOf } from './parts.js';
import { scalar } from './scalars.js';
import type { Entry, ListTree, MapTree, NestedTree, Text, Tree } from './tree.js';

/** Writes one document in a style of its own, from the first column to a line break at its end. */
export function document(tree: MapTree | ListTree, choices: Choices): Part[] {
  return new Writer(choices).root(tree);
}

/** Every method but `root` leaves out the line break at the end of what it writes. */
class Writer {
  private readonly anchors: Anchors;
  /** Behind a block scalar a comment further in would be a part of it. */
  private afterBlock = false;

  constructor(private readonly choices: Choices) {
    this.anchors = new Anchors(choices);
  }

  root(tree: MapTree | ListTree): Part[] {
    if (mayFlow(tree) && this.choices.once(12)) {
      return [...flow(tree, this.flowStyle(2)), lineTail(this.choices), '\n'];
    }
    return [...this.block(tree, 0, false), '\n'];
  }

  private flowStyle(column: number) {
    return { choices: this.choices, anchors: this.anchors, column };
  }

  private block(tree: MapTree | ListTree, column: number, inline: boolean): Part[] {
    const before = (index: number) => (inline && index === 0 ? [] : [this.interlude(column), ' '.repeat(column)]);
    if (tree.kind === 'list') {
      return joined(tree.items.map((item, index) => [...before(index), '-', ...this.item(item, column)]));
    }
    const quotes = this.choices.once(5) ? this.choices.of('single' as const, 'double' as const) : 'plain';
    const result: Part[] = [];
    for (const [index, entry] of tree.entries.entries()) {
      const style = this.choices.once(10) ? this.choices.of('double' as const, 'single' as const) : quotes;
      const [lead = '', margin = ''] = before(index);
      const remarks = `${index === 0 ? '' : '\n'}${lead}`;
      const written = [margin, ...this.pair(entry, column, style)];
      if (entry.removed === true) {
        // Its line goes away with a comment at its end; comments on lines of their own stay.
        result.push(remarks.slice(0, -1), { before: `${remarks.slice(-1)}${textOf(written)}`, after: '' });
      } else {
        result.push(remarks, ...written, ...additions(entry, column));
      }
    }
    return result;
  }

  private interlude(column: number): string {
    return lines(this.choices, column, this.afterBlock ? column : Number.POSITIVE_INFINITY);
  }

  private pair(entry: Entry, column: number, quotes: 'plain' | 'single' | 'double'): Part[] {
    this.afterBlock = false;
    const key = keyText(entry.key, false, quotes);
    const { value } = entry;
    if (value.kind === 'text' && value.empty === true) {
      return [`${key}:`, filling(value.after), lineTail(this.choices)];
    }
    const repo = this.choices.once(40)
      ? `? ${key}${lineTail(this.choices)}\n${' '.repeat(column)}:`
      : `${key}${this.choices.once(30) ? ' :' : ':'}`;
    if (value.kind === 'text') {
      return [repo, ...this.text(value, column, entry)];
    }
    return [repo, ...(value.kind === 'nested' ? this.nested(value, column, true) : this.below(value, column))];
  }

  /** A collection behind its key. */
  private below(tree: MapTree | ListTree, column: number): Part[] {
    const inline = this.inFlow(tree, column);
    if (inline !== undefined) {
      return [' ', ...inline, lineTail(this.choices)];
    }
    const reference = this.anchors.of(tree);
    if ('alias' in reference) {
      return [` ${reference.alias}`, lineTail(this.choices)];
    }
    const depth = tree.kind === 'list' ? this.choices.of(2, 0, 4) : this.choices.of(2, 1, 3, 4);
    const repo = `${` ${reference.anchor}`.trimEnd()}${lineTail(this.choices)}\n`;
    return [repo, ...this.block(tree, column + depth, false)];
  }

  private inFlow(tree: MapTree | ListTree, column: number): Part[] | undefined {
    const empty = (tree.kind === 'list' ? tree.items : tree.entries).length === 0;
    if (!empty && !(mayFlow(tree) && this.choices.once(5))) {
      return undefined;
    }
    const style = this.flowStyle(column + this.choices.of(2, 4));
    return empty ? flow(tree, style) : anchored(tree, style, () => flow(tree, style));
  }

  /** A list's item, behind its dash. */
  private item(tree: Tree, column: number): Part[] {
    this.afterBlock = false;
    if (tree.kind === 'text') {
      return this.text(tree, column, {});
    }
    if (tree.kind === 'nested') {
      return this.nested(tree, column, false);
    }
    const inline = this.inFlow(tree, column);
    if (inline !== undefined) {
      return [' ', ...inline, lineTail(this.choices)];
    }
    if (this.choices.once(8)) {
      return [`${lineTail(this.choices)}\n`, ...this.block(tree, column + this.choices.of(2, 1, 4), false)];
    }
    const gap = this.choices.of(1, 1, 1, 3);
    return [' '.repeat(gap), ...this.block(tree, column + 1 + gap, true)];
  }

  /** A scalar behind its key or dash. */
  private text(tree: Text, column: number, { removed, added }: Partial<Entry>): Part[] {
    const { choices } = this;
    const reference = removed === true ? { anchor: '' } : this.anchors.of(tree);
    if ('alias' in reference) {
      return [` ${reference.alias}`, lineTail(choices)];
    }
    const blockable =
      removed !== true && tree.after !== '' && added === undefined && tree.bare !== true && tree.value !== '';
    if (blockable && (tree.value.includes('\n') || choices.once(15))) {
      return this.blockScalar(tree, column, reference.anchor);
    }
    const gap = choices.once(20) ? choices.of('  ', '\t', `\n${' '.repeat(column + 2)}`) : ' ';
    return [gap, reference.anchor, ...scalar(tree, 'block', choices), lineTail(choices)];
  }

  private blockScalar({ value, after }: Text, column: number, anchor: string): Part[] {
    this.afterBlock = true;
    const margin = ' '.repeat(column + this.choices.of(2, 1, 4));
    const folded = !value.includes('\n') && this.choices.once(3);
    const header = `${folded ? '>' : '|'}${value.endsWith('\n') ? '' : '-'}`;
    const content = value.replace(/\n$/, '');
    const body: Part[] = after === undefined ? [content] : [{ before: content, after: escaped(after) }];
    return [` ${anchor}${header}${lineTail(this.choices)}\n`, ...indented(body, margin)];
  }

  /** YAML inside YAML: a literal block, or where it fits on a line in quotes. */
  private nested({ tree }: NestedTree, column: number, underKey: boolean): Part[] {
    if (tree.kind !== 'map' && tree.kind !== 'list') {
      throw new Error('A nested document is a mapping or a list.');
    }
    if (mayFlow(tree) && this.choices.once(6)) {
      const style = { choices: this.choices, anchors: new Anchors(this.choices), column: undefined };
      return [" '", ...mapText(flow(tree, style), (content) => content.replaceAll("'", "''")), "'"];
    }
    const inner = document(tree, this.choices);
    const depth = this.choices.of(2, 4);
    const shifted = /^\n* /.test(textOf(inner));
    if (shifted && !underKey) {
      return this.nested({ kind: 'nested', tree }, column, underKey);
    }
    this.afterBlock = true;
    const indicator = shifted || (underKey && this.choices.once(10)) ? String(depth) : '';
    const header = ` |${indicator}${this.choices.of('', '-', '+')}${lineTail(this.choices)}\n`;
    return [header, ...withoutBreak(indented(inner, ' '.repeat(column + depth)))];
  }
}

/** Whether a tree can stand in `{…}`: text of several lines and YAML inside YAML cannot. */
function mayFlow(tree: Tree): boolean {
  switch (tree.kind) {
    case 'text':
      return !tree.value.includes('\n');
    case 'map':
      return tree.entries.every((entry) => mayFlow(entry.value));
    case 'list':
      return tree.items.every(mayFlow);
    case 'nested':
      return false;
  }
}

function additions({ added = [] }: Entry, column: number): Part[] {
  return added.map(({ key, value }) => ({
    before: '',
    after: `\n${' '.repeat(column)}["']?${escaped(key)}["']?: ${anySpelling(value)}`,
  }));
}

function joined(written: readonly Part[][]): Part[] {
  return written.flatMap((parts, index) => (index === 0 ? parts : ['\n', ...parts]));
}

function withoutBreak(parts: readonly Part[]): Part[] {
  const last = parts.at(-1);
  return typeof last === 'string' ? [...parts.slice(0, -1), last.replace(/\n$/, '')] : [...parts];
}
