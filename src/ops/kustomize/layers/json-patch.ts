import { copyOf, type LayerMap, type LayerNode, layerText, nodeAt } from './layer-node.js';

/**
 * Applies the operations of a JSON patch to an object, one after the other, in place.
 *
 * @returns whether all could be applied; kustomize refuses the whole build where one cannot
 * @see https://www.rfc-editor.org/rfc/rfc6902
 */
export function applyJsonPatch(object: LayerMap, operations: readonly LayerNode[]): boolean {
  return operations.every((operation) => {
    const path = pointerOf(layerText(operation, 'path'));
    const from = pointerOf(layerText(operation, 'from'));
    const value = nodeAt(operation, 'value');
    switch (layerText(operation, 'op')) {
      case 'add':
        return value !== undefined && put(object, path, copyOf(value), 'add');
      case 'replace':
        return value !== undefined && put(object, path, copyOf(value), 'replace');
      case 'remove':
        return take(object, path) !== undefined;
      case 'move': {
        const moved = take(object, from);
        return moved !== undefined && put(object, path, moved, 'add');
      }
      case 'copy': {
        const copied = at(object, from);
        return copied !== undefined && put(object, path, copyOf(copied), 'add');
      }
      case 'test':
        return true;
      default:
        return false;
    }
  });
}

function pointerOf(text: string): string[] {
  return text
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function at(node: LayerNode | undefined, path: readonly string[]): LayerNode | undefined {
  return path.reduce<LayerNode | undefined>((inner, key) => {
    if (inner?.kind === 'list') {
      return inner.items[Number(key)];
    }
    return inner?.kind === 'map' ? inner.entries.get(key) : undefined;
  }, node);
}

function put(object: LayerMap, path: readonly string[], value: LayerNode, how: 'add' | 'replace'): boolean {
  const key = path.at(-1);
  const parent = at(object, path.slice(0, -1));
  if (key === undefined || parent === undefined || parent.kind === 'text') {
    return false;
  }
  if (parent.kind === 'map') {
    // The library that kustomize uses adds a key that is to be replaced and is not there.
    parent.entries.set(key, value);
    return true;
  }
  const index = key === '-' ? parent.items.length : Number(key);
  const isThere = Number.isInteger(index) && index >= 0 && index < parent.items.length + (how === 'add' ? 1 : 0);
  if (isThere) {
    parent.items.splice(index, how === 'add' ? 0 : 1, value);
  }
  return isThere;
}

function take(object: LayerMap, path: readonly string[]): LayerNode | undefined {
  const key = path.at(-1) ?? '';
  const parent = at(object, path.slice(0, -1));
  const found = at(object, path);
  if (parent?.kind === 'map') {
    parent.entries.delete(key);
  } else if (parent?.kind === 'list') {
    parent.items.splice(Number(key), 1);
  }
  return found;
}
