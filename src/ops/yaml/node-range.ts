import { isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import type { Splice } from './splice.js';

type BlockOrFlowMap = YAMLMap<Node, Node | null>;

/** Whether a collection is written `{…}` or `[…]`. */
export function isFlow(node: Node | undefined): boolean {
  return (isMap(node) || isSeq(node)) && node.srcToken?.type === 'flow-collection';
}

/** Offset just after the last character of a value, without comments and white space that follow it. */
export function endOfNode(node: Node): number {
  if (isMap<Node, Node | null>(node) && !isFlow(node)) {
    const last = node.items.at(-1);
    return last === undefined ? rangeEnd(node) : endOfPair(last);
  }
  if (isSeq<Node>(node) && !isFlow(node)) {
    return endOfItem(node, node.items.length - 1);
  }
  return rangeEnd(node);
}

/** Offset just after a `key: value` pair. */
export function endOfPair(pair: Pair<Node, Node | null>): number {
  if (pair.value !== null && !isEmpty(pair.value)) {
    return endOfNode(pair.value);
  }
  return endOfIndicators(pair.srcToken?.sep) ?? rangeEnd(pair.key);
}

/** Offset just after a list's item. */
export function endOfItem(seq: YAMLSeq<Node>, index: number): number {
  const item = seq.items[index];
  if (item !== undefined && !isEmpty(item)) {
    return endOfNode(item);
  }
  return endOfIndicators(itemTokens(seq)[index]?.start) ?? rangeEnd(seq);
}

/** Offset where a pair begins, with its `?`, anchor or tag. */
export function startOfPair(pair: Pair<Node, Node | null>): number {
  return startOfTokens(pair.srcToken?.start) ?? pair.key.range?.[0] ?? 0;
}

/** Offset where a list's item begins: its dash, or in `[…]` its value with anchor or tag. */
export function startOfItem(seq: YAMLSeq<Node>, index: number): number {
  return startOfTokens(itemTokens(seq)[index]?.start) ?? seq.items[index]?.range?.[0] ?? 0;
}

/** The tokens of a list's items; a comment after the last item is not one. */
function itemTokens(seq: YAMLSeq<Node>) {
  const token = seq.srcToken;
  if (token?.type === 'block-seq') {
    return token.items.filter((item) => item.start.some((part) => part.type === 'seq-item-ind'));
  }
  return token?.type === 'flow-collection' ? token.items : [];
}

interface Part {
  type: string;
  offset: number;
  source: string;
}

const SPACING = new Set(['space', 'newline', 'comment', 'comma']);

function startOfTokens(parts: readonly Part[] | undefined): number | undefined {
  return parts?.find((part) => !SPACING.has(part.type))?.offset;
}

/** Offset just after the last `:`, `-`, anchor or tag of these tokens. */
export function endOfIndicators(parts: readonly Part[] | undefined): number | undefined {
  const last = parts?.findLast((part) => !SPACING.has(part.type));
  return last === undefined ? undefined : last.offset + last.source.length;
}

/** Offset after the indicators of the place of a value: where an empty value is to be filled in. */
export function offsetForEmptyValue(
  parent: BlockOrFlowMap | YAMLSeq<Node>,
  pair: Pair<Node, Node | null> | undefined,
  index: number,
): number | undefined {
  if (pair !== undefined) {
    return endOfIndicators(pair.srcToken?.sep);
  }
  return isSeq<Node>(parent) ? endOfIndicators(itemTokens(parent)[index]?.start) : undefined;
}

/** Whether a value is there only in the model, as `null`, with no character in the text. */
export function isEmpty(node: Node): boolean {
  return isScalar(node) && node.srcToken === undefined;
}

function rangeEnd(node: Node): number {
  return node.range?.[1] ?? 0;
}

/** Offset of the first character of the line of an offset. */
export function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

/** Column of an offset, from 0. */
export function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

/** Offset of the line break after an offset, or the end of the text. */
export function lineEnd(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  if (newline < 0) {
    return text.length;
  }
  return newline > offset && text[newline - 1] === '\r' ? newline - 1 : newline;
}

/** Offset of the first character after the line of an offset. */
export function nextLine(text: string, offset: number): number {
  const newline = text.indexOf('\n', offset);
  return newline < 0 ? text.length : newline + 1;
}

/** The line break in use at an offset. */
export function lineBreak(text: string, offset: number): string {
  const newline = text.indexOf('\n', offset);
  const found = newline < 0 ? text.lastIndexOf('\n') : newline;
  return found > 0 && text[found - 1] === '\r' ? '\r\n' : '\n';
}

/** Adds whole lines after the line in which a value ends. */
export function insertLines(text: string, end: number, lines: readonly string[]): Splice {
  const br = lineBreak(text, Math.max(0, end - 1));
  if (end > 0 && text[end - 1] === '\n') {
    // After a block scalar, which ends with its own line break.
    return { start: end, end, text: lines.map((line) => line + br).join('') };
  }
  const at = lineEnd(text, end);
  return { start: at, end: at, text: lines.map((line) => br + line).join('') };
}
