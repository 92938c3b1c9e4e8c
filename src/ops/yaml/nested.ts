import type { Scalar } from 'yaml';
import type { EditPlan } from './edit.js';
import { lineBreak } from './extent.js';
import { lineOf } from './locate.js';
import type { YamlFile } from './parse.js';
import { formatPath, type YamlPath } from './path.js';
import type { Splice } from './splice.js';

/** The lines of a literal block (`|`): how far they are indented, and where each one's text begins in the source. */
interface Block {
  indent: string;
  br: string;
  /** For each line of the value: offset of its first character in the file, and its length. */
  lines: { start: number; length: number }[];
}

/**
 * Carries changes of the YAML that a literal block holds over to the file, so that the other lines stay as they are.
 *
 * @returns the replacements in the file, or `undefined` where the scalar is no literal block and has to be written anew
 * @throws Error for a folded block (`>`), whose line breaks cannot be told from its spaces
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
  return plan.splices.map((splice) => ({
    start: toSource(block, value, splice.start),
    end: toSource(block, value, splice.end),
    text: splice.text.replaceAll('\n', `${block.br}${block.indent}`),
  }));
}

/** Writes a block scalar's text anew, keeping its header, its indent and what follows it. */
export function rewriteBlock(source: YamlFile, node: Scalar, value: string, path: YamlPath): Splice[] {
  const block = blockOf(source, node);
  const first = block?.lines[0];
  const last = block?.lines.findLast((line) => line.length > 0);
  const lines = value.replace(/\n+$/, '').split('\n');
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
  // Indentation is that of the first line with text: a block's indent is the same for all of its lines.
  const sample = raw.find((line) => line.trim() !== '') ?? '';
  const text = firstText(node);
  const width = sample.replace(/\r$/, '').length - text.length;
  if (node.type === 'BLOCK_LITERAL' && sample.slice(width).replace(/\r$/, '') !== text) {
    return undefined;
  }
  const depth = node.type === 'BLOCK_LITERAL' ? width : sample.length - sample.trimStart().length;
  let offset = token.offset + header;
  const lines = raw.map((line) => {
    const start = offset + Math.min(depth, line.replace(/\r$/, '').length);
    const length = Math.max(0, line.replace(/\r$/, '').length - depth);
    offset += line.length + 1;
    return { start, length };
  });
  return { indent: ' '.repeat(depth), br: lineBreak(source.text, token.offset), lines };
}

function firstText(node: Scalar): string {
  const value = typeof node.value === 'string' ? node.value : '';
  return value.split('\n').find((line) => line.trim() !== '') ?? '';
}

/** The offset in the file of an offset in a literal block's value. */
function toSource(block: Block, value: string, offset: number): number {
  const before = value.slice(0, offset);
  const line = block.lines[before.split('\n').length - 1];
  return (line?.start ?? 0) + (offset - (before.lastIndexOf('\n') + 1));
}
