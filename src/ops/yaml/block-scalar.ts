import type { Scalar } from 'yaml';
import type { EditPlan } from './edits.js';
import { lineBreak } from './lines.js';
import { lineOf } from './locate.js';
import type { YamlFile } from './parse.js';
import { formatPath, type YamlPath } from './path.js';
import type { Splice } from './splice.js';

/** The lines of a block scalar (`|` or `>`) in the file. */
interface Block {
  indent: string;
  br: string;
  /** For each line of the value: offset in the file of the line and of its first character, and its length. */
  lines: { line: number; start: number; length: number }[];
}

/**
 * Translates changes of the YAML inside a literal block (`|`) into changes of the file, so that its other lines stay as
 * they are.
 *
 * @returns the replacements in the file, or `undefined` where the scalar is not a literal block and has to be rewritten
 * @throws Error for a folded block (`>`), in which a line break and a space read the same
 */
export function mapNested(source: YamlFile, node: Scalar, plan: EditPlan, path: YamlPath): Splice[] | undefined {
  if (node.type === 'BLOCK_FOLDED') {
    throw new Error(
      `${source.file}:${lineOf(source, node)}: ${formatPath(path)} is a folded block (">"). Write it as "|" and run again.`,
    );
  }
  const block = node.type === 'BLOCK_LITERAL' ? blockOf(source, node) : undefined;
  if (block === undefined || typeof node.value !== 'string') {
    return undefined;
  }
  const value = node.value;
  return plan.splices.map((splice) => {
    const start = positionOf(block, value, splice.start);
    const end = positionOf(block, value, splice.end);
    const wholeLines = splice.text === '' && start.column === 0 && end.column === 0;
    return {
      start: wholeLines ? start.line : start.offset,
      end: wholeLines ? end.line : end.offset,
      text: splice.text.replaceAll('\n', `${block.br}${block.indent}`),
    };
  });
}

/**
 * Rewrites the text of a block scalar. Its header, its indentation and what follows it stay.
 *
 * @throws Error for an empty block, and for more than one line in a folded block
 */
export function rewriteBlock(source: YamlFile, node: Scalar, value: string, path: YamlPath): Splice[] {
  const block = blockOf(source, node);
  const first = block?.lines[0];
  const last = block?.lines.findLast((line) => line.length > 0);
  const lines = value.replace(/(?<!\n)\n+$/, '').split('\n');
  if (
    block === undefined ||
    first === undefined ||
    last === undefined ||
    (node.type === 'BLOCK_FOLDED' && lines.length > 1)
  ) {
    throw new Error(
      `${source.file}:${lineOf(source, node)}: ${formatPath(path)} is a block that cannot be changed in place. ` +
        'Write it on one line and run again.',
    );
  }
  return [{ start: first.start, end: last.start + last.length, text: lines.join(`${block.br}${block.indent}`) }];
}

function blockOf(source: YamlFile, node: Scalar): Block | undefined {
  const token = node.srcToken;
  if (token?.type !== 'block-scalar') {
    return undefined;
  }
  const header = token.props.reduce((length, part) => length + ('source' in part ? part.source.length : 0), 0);
  const raw = token.source.split('\n');
  const depth = indentOf(node, raw.find((line) => line.trim() !== '') ?? '');
  let line = token.offset + header;
  const lines = raw.map((each) => {
    const length = each.replace(/\r$/, '').length;
    const position = { line, start: line + Math.min(depth, length), length: Math.max(0, length - depth) };
    line += each.length + 1;
    return position;
  });
  return { indent: ' '.repeat(depth), br: lineBreak(source.text, token.offset), lines };
}

/** How many columns the lines of a block are indented. Further spaces of a literal block's first line are its text. */
function indentOf(node: Scalar, sample: string): number {
  const value = typeof node.value === 'string' ? node.value : '';
  const text = value.split('\n').find((line) => line.trim() !== '') ?? '';
  return node.type === 'BLOCK_LITERAL'
    ? sample.replace(/\r$/, '').length - text.length
    : sample.length - sample.trimStart().length;
}

/** The position in the file of an offset in the value of a literal block. */
function positionOf(block: Block, value: string, offset: number): { line: number; column: number; offset: number } {
  const before = value.slice(0, offset).split('\n');
  const column = before.at(-1)?.length ?? 0;
  const { line = 0, start = 0 } = block.lines[before.length - 1] ?? {};
  return { line, column, offset: start + column };
}
