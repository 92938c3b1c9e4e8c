import { parseAllDocuments } from 'yaml';

/** What a generated file says, before anything is decided about how it is written. */
export type Tree = Text | MapTree | ListTree | NestedTree;

/** A scalar. */
export interface Text {
  kind: 'text';
  value: string;
  /** What a change gives it; without it the value must stay. */
  after?: string;
  /** Written plain whatever it looks like: a number, a boolean, a tag such as `1.10` without quotes. */
  bare?: boolean;
  /** Nothing is written at all: `newTag:`. */
  empty?: boolean;
}

export interface MapTree {
  kind: 'map';
  entries: Entry[];
}

export interface Entry {
  key: string;
  value: Tree;
  /** A change takes this key away. */
  removed?: boolean;
  /** A change adds these keys right behind this one. */
  added?: { key: string; value: string }[];
}

export interface ListTree {
  kind: 'list';
  items: Tree[];
}

/** Text that holds YAML of its own: an inline patch, a `values: |` block. */
export interface NestedTree {
  kind: 'nested';
  tree: Tree;
}

export const text = (value: string, after?: string): Text => ({
  kind: 'text',
  value,
  ...(after === undefined ? {} : { after }),
});
export const bare = (value: string): Text => ({ kind: 'text', value, bare: true });
export const map = (entries: Record<string, Tree> | Entry[]): MapTree => ({
  kind: 'map',
  entries: Array.isArray(entries) ? entries : Object.entries(entries).map(([key, value]) => ({ key, value })),
});
export const list = (...items: Tree[]): ListTree => ({ kind: 'list', items });
export const nested = (tree: Tree): NestedTree => ({ kind: 'nested', tree });

/** What a tree says after the change, as YAML readers give it; a nested tree as what its own text says. */
export function meaning(tree: Tree): unknown {
  switch (tree.kind) {
    case 'text':
      return tree.after ?? (tree.empty === true ? null : tree.bare === true ? read(tree.value)[0] : tree.value);
    case 'map':
      return Object.fromEntries(
        tree.entries.flatMap((entry) => [
          ...(entry.removed === true ? [] : [[entry.key, meaning(entry.value)]]),
          ...(entry.added ?? []).map(({ key, value }) => [key, value]),
        ]),
      );
    case 'list':
      return tree.items.map(meaning);
    case 'nested':
      return { nested: meaning(tree.tree) };
  }
}

/** What a reader found, with the text of nested trees read too. */
export function opened(found: unknown, tree: Tree): unknown {
  if (tree.kind === 'nested') {
    return typeof found === 'string' ? { nested: opened(read(found)[0], tree.tree) } : found;
  }
  if (tree.kind === 'list' && Array.isArray(found)) {
    return found.map((item, index) => (tree.items[index] === undefined ? item : opened(item, tree.items[index])));
  }
  if (tree.kind === 'map' && found !== null && typeof found === 'object') {
    const trees = new Map(tree.entries.map((entry) => [entry.key, entry.value]));
    return Object.fromEntries(
      Object.entries(found).map(([key, value]) => {
        const inner = trees.get(key);
        return [key, inner === undefined ? value : opened(value, inner)];
      }),
    );
  }
  return found;
}

/**
 * All documents of a text as a YAML reader sees them.
 *
 * @throws Error when the text is no valid YAML
 */
export function read(content: string): unknown[] {
  return [...parseAllDocuments(content.replace(/^\uFEFF/, ''))].map((document) => {
    const [error] = document.errors;
    if (error !== undefined) {
      throw error;
    }
    return document.toJS();
  });
}
