import type { YamlValue } from '../../yaml/values.js';

/** Where a value is written. */
export interface Place {
  /** Path in the repository. */
  file: string;
  /** From 1. */
  line: number;
}

/** A value of an object that the layers of a kustomization make. Scalars are as spelled; an empty one may be `null`. */
export type LayerNode = LayerMap | LayerList | LayerText;

export interface LayerMap {
  kind: 'map';
  entries: Map<string, LayerNode>;
}

export interface LayerList {
  kind: 'list';
  items: LayerNode[];
}

export interface LayerText {
  kind: 'text';
  text: string;
  place: Place;
  /** What it was before entries of `images` changed it, the oldest first; missing for a value that none did. */
  past?: readonly string[];
  /** What may have written something else here, that is not followed; missing for nothing. */
  doubt?: Doubt;
}

/** What of a kustomization is not followed, so that a value is not known behind it. */
export interface Doubt extends Place {
  /** For people: `"replacements"`, `a transformer ExampleTransformer`. */
  what: string;
  /** Whether kustomize builds nothing because of it: what is not there, or no YAML. */
  isBroken?: true;
  /** Whether it is about images alone: no more objects are there because of it. */
  isOfImages?: true;
}

/**
 * A value of a file as a node that layers may change: a copy, with merge keys (`<<`) written out.
 *
 * @param place of its first line, where it is a text in another file; else the file and line 1
 */
export function layerNode(value: YamlValue, place: Place): LayerNode {
  switch (value.kind) {
    case 'map':
      return { kind: 'map', entries: new Map(entriesOf(value, place)) };
    case 'list':
      return { kind: 'list', items: value.items.map((item) => layerNode(item, place)) };
    case 'text':
      return { kind: 'text', text: value.text, place: { file: place.file, line: place.line + value.line - 1 } };
  }
}

function entriesOf(map: Extract<YamlValue, { kind: 'map' }>, place: Place): [string, LayerNode][] {
  const merged = map.entries.get('<<');
  const sources = merged === undefined ? [] : merged.kind === 'list' ? merged.items : [merged];
  const inherited = sources.flatMap((source) => (source.kind === 'map' ? entriesOf(source, place) : [])).reverse();
  const own = [...map.entries].filter(([key]) => key !== '<<');
  return [...inherited, ...own.map(([key, value]): [string, LayerNode] => [key, layerNode(value, place)])];
}

/** A copy that shares nothing with the node. */
export function copyOf(node: LayerNode): LayerNode {
  switch (node.kind) {
    case 'map':
      return { kind: 'map', entries: new Map([...node.entries].map(([key, value]) => [key, copyOf(value)])) };
    case 'list':
      return { kind: 'list', items: node.items.map(copyOf) };
    case 'text':
      return { ...node };
  }
}

/** The node under some keys, one inside of the other; `undefined` where there is none. */
export function nodeAt(node: LayerNode | undefined, ...keys: readonly string[]): LayerNode | undefined {
  return keys.reduce<LayerNode | undefined>(
    (inner, key) => (inner?.kind === 'map' ? inner.entries.get(key) : undefined),
    node,
  );
}

/** The text under some keys; empty where there is none. */
export function layerText(node: LayerNode | undefined, ...keys: readonly string[]): string {
  const found = nodeAt(node, ...keys);
  return found?.kind === 'text' ? found.text : '';
}

/** The items under some keys; none where there is no list. */
export function layerItems(node: LayerNode | undefined, ...keys: readonly string[]): LayerNode[] {
  const found = nodeAt(node, ...keys);
  return found?.kind === 'list' ? found.items : [];
}
