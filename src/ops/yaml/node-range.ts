import { isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';

type BlockOrFlowMap = YAMLMap<Node, Node | null>;

/** Whether a collection is written `{…}` or `[…]`. */
export function isFlow(node: Node | undefined): boolean {
  return (isMap(node) || isSeq(node)) && node.srcToken?.type === 'flow-collection';
}

/** Offset after the last character of a value, without the comments and white space that follow it. */
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

/** Offset after a `key: value` pair. */
export function endOfPair(pair: Pair<Node, Node | null>): number {
  if (pair.value !== null && !isEmpty(pair.value)) {
    return endOfNode(pair.value);
  }
  return endOfIndicators(pair.srcToken?.sep) ?? rangeEnd(pair.key);
}

/** Offset after an item of a list. */
export function endOfItem(seq: YAMLSeq<Node>, index: number): number {
  const item = seq.items[index];
  if (item !== undefined && !isEmpty(item)) {
    return endOfNode(item);
  }
  return endOfIndicators(itemTokens(seq)[index]?.start) ?? rangeEnd(seq);
}

/** Offset at which a pair begins, its `?`, anchor or tag included. */
export function startOfPair(pair: Pair<Node, Node | null>): number {
  return startOfTokens(pair.srcToken?.start) ?? pair.key.range?.[0] ?? 0;
}

/** Offset at which an item of a list begins: at its dash, or in `[…]` at its value, anchor or tag included. */
export function startOfItem(seq: YAMLSeq<Node>, index: number): number {
  return startOfTokens(itemTokens(seq)[index]?.start) ?? seq.items[index]?.range?.[0] ?? 0;
}

/** The tokens of the items of a list. A comment after the last item does not count as an item. */
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

/** Offset after the last `:`, `-`, anchor or tag among these tokens. */
export function endOfIndicators(parts: readonly Part[] | undefined): number | undefined {
  const last = parts?.findLast((part) => !SPACING.has(part.type));
  return last === undefined ? undefined : last.offset + last.source.length;
}

/** Offset at which the text of an empty value is to be inserted: after its `:`, `-`, anchor or tag. */
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

/** Whether a value has no text of its own: the parser reads a key without a value as `null`. */
export function isEmpty(node: Node): boolean {
  return isScalar(node) && node.srcToken === undefined;
}

function rangeEnd(node: Node): number {
  return node.range?.[1] ?? 0;
}
