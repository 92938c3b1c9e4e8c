/**
 * A YAML file as plain nodes with their positions.
 *
 * GitHub's own parser checks the file (see parse.ts), but its token tree cannot be run: it keeps the indentation of block
 * scalars that hold an expression, and drops some keys of steps. These nodes hold the values that YAML defines.
 */
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { InvalidFile, type Place } from './errors.js';

export interface ScalarNode {
  kind: 'scalar';
  value: string | number | boolean | null;
  place: Place;
}

export interface ListNode {
  kind: 'list';
  items: Node[];
  place: Place;
}

export interface MapNode {
  kind: 'map';
  entries: Map<string, Node>;
  place: Place;
}

export type Node = ScalarNode | ListNode | MapNode;

/**
 * Reads one YAML document.
 *
 * @param file the name in errors and positions
 * @throws InvalidFile when it is not YAML
 */
export function readTree(text: string, file: string): Node {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  if (document.errors.length > 0) {
    throw new InvalidFile(
      document.errors.map((error) => {
        const [start] = error.linePos ?? [{ line: 1, col: 1 }];
        return `${file}:${start.line}:${start.col}: ${error.message.split('\n', 1)[0]?.replace(/ at line .*$/, '')}`;
      }),
    );
  }
  return toNode(document.contents, document, (offset) => {
    const position = lines.linePos(offset);
    return { file, line: Math.max(position.line, 1), column: Math.max(position.col, 1) };
  });
}

function toNode(value: unknown, document: Document.Parsed, placeOf: (offset: number) => Place): Node {
  if (isAlias(value)) {
    return toNode(value.resolve(document), document, placeOf);
  }
  if (isMap(value)) {
    const entries = new Map<string, Node>();
    for (const pair of value.items) {
      const key = isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
      entries.set(key, toNode(pair.value, document, placeOf));
    }
    return { kind: 'map', entries, place: placeOf(value.range?.[0] ?? 0) };
  }
  if (isSeq(value)) {
    const items = value.items.map((item) => toNode(item, document, placeOf));
    return { kind: 'list', items, place: placeOf(value.range?.[0] ?? 0) };
  }
  const scalar = isScalar(value) ? value : undefined;
  const content = scalar?.value;
  const plain = typeof content === 'string' || typeof content === 'number' || typeof content === 'boolean';
  return { kind: 'scalar', value: plain ? content : null, place: placeOf(scalar?.range?.[0] ?? 0) };
}

/** The node under a key, `undefined` where the node is no map or has no such key. */
export function child(node: Node | undefined, key: string): Node | undefined {
  return node?.kind === 'map' ? node.entries.get(key) : undefined;
}

/** The map under a key, `undefined` for anything else. */
export function mapChild(node: Node | undefined, key: string): MapNode | undefined {
  const found = child(node, key);
  return found?.kind === 'map' ? found : undefined;
}

/** A scalar as text, the way GitHub turns numbers and booleans into text; an empty one is `undefined`. */
export function text(node: Node | undefined): string | undefined {
  return node?.kind === 'scalar' && node.value !== null ? String(node.value) : undefined;
}

/** A scalar or a list of scalars as texts; nothing is an empty list. */
export function texts(node: Node | undefined): string[] {
  if (node?.kind === 'list') {
    return node.items.flatMap((item) => text(item) ?? []);
  }
  const one = text(node);
  return one === undefined ? [] : [one];
}

/** The entries of a map node in order; none for anything else. */
export function entries(node: Node | undefined): [string, Node][] {
  return node?.kind === 'map' ? [...node.entries] : [];
}
