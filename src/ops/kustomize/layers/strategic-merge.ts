import { copyOf, type LayerList, type LayerMap, type LayerNode, layerText } from './layer-node.js';

/** Lists whose items are told by their `name`, in objects of Kubernetes itself. Of other lists the patch's is taken. */
const NAMED_LISTS = new Set(['containers', 'initContainers', 'ephemeralContainers', 'volumes']);

/**
 * Applies a strategic merge patch to an object.
 *
 * @param isKnown whether it is an object of Kubernetes itself: kustomize merges the lists of no other by names
 * @returns `undefined` where the patch deletes it
 * @see https://github.com/kubernetes/community/blob/master/contributors/devel/sig-api-machinery/strategic-merge-patch.md
 */
export function mergePatch(object: LayerMap, patch: LayerMap, isKnown: boolean): LayerMap | undefined {
  const directive = layerText(patch, '$patch');
  if (directive === 'delete') {
    return undefined;
  }
  if (directive === 'replace') {
    return withoutDirectives(patch);
  }
  const entries = new Map(object.entries);
  for (const [key, value] of patch.entries) {
    const merged = isDirective(key) ? entries.get(key) : mergeValue(key, entries.get(key), value, isKnown);
    if (merged === undefined) {
      entries.delete(key);
    } else {
      entries.set(key, merged);
    }
  }
  return { kind: 'map', entries };
}

function mergeValue(
  key: string,
  before: LayerNode | undefined,
  patch: LayerNode,
  isKnown: boolean,
): LayerNode | undefined {
  if (patch.kind === 'map') {
    return mergePatch(before?.kind === 'map' ? before : { kind: 'map', entries: new Map() }, patch, isKnown);
  }
  if (patch.kind === 'list') {
    // In lists of others, directives are what they are written as: part of an item.
    if (!isKnown) {
      return copyOf(patch);
    }
    const isNamed = NAMED_LISTS.has(key);
    return isNamed ? mergeNamed(before?.kind === 'list' ? before.items : [], patch.items, isKnown) : withoutIn(patch);
  }
  // `null` deletes.
  return patch.text === '' ? undefined : copyOf(patch);
}

/**
 * Items of the patch come first, as kustomize orders them. Of items of one name, which a JSON patch may have added, the last one is
 * left as it is, whatever the patch says of it but that it goes.
 */
function mergeNamed(before: readonly LayerNode[], patch: readonly LayerNode[], isKnown: boolean): LayerList {
  const isWhole = patch.some((item) => layerText(item, '$patch') === 'replace' && layerText(item, 'name') === '');
  const kept = isWhole ? [] : before;
  const items = patch.filter((item) => layerText(item, '$patch') !== 'replace');
  const merged = items.flatMap((item): LayerNode[] => {
    const known = kept.filter((each) => layerText(each, 'name') === layerText(item, 'name'));
    const result = mergeValue('', known.at(-1), item, isKnown);
    return result === undefined ? [] : [(known.length > 1 ? known.at(-1) : undefined) ?? result];
  });
  const named = new Set(items.map((item) => layerText(item, 'name')));
  return { kind: 'list', items: [...merged, ...kept.filter((item) => !named.has(layerText(item, 'name')))] };
}

function isDirective(key: string): boolean {
  return key === '$patch' || key === '$retainKeys' || /^\$(setElementOrder|deleteFromPrimitiveList)\//.test(key);
}

function withoutDirectives({ entries }: LayerMap): LayerMap {
  const own = [...entries].filter(([key]) => !isDirective(key));
  return { kind: 'map', entries: new Map(own.map(([key, value]) => [key, copyOf(value)])) };
}

function withoutIn({ items }: LayerList): LayerList {
  const own = items.filter((item) => layerText(item, '$patch') === '');
  return { kind: 'list', items: own.map((item) => (item.kind === 'map' ? withoutDirectives(item) : copyOf(item))) };
}

/** An object of Kubernetes itself as any strategic merge leaves it: of items of one name in a list, the last one, where the first was. */
export function withoutRepeats({ entries }: LayerMap): LayerMap {
  const inner = [...entries].map(([key, value]): [string, LayerNode] => {
    const isNamed = value.kind === 'list' && NAMED_LISTS.has(key);
    return [key, inside(isNamed ? lastOfEachName(value) : value)];
  });
  return { kind: 'map', entries: new Map(inner) };
}

function inside(node: LayerNode): LayerNode {
  return node.kind === 'map'
    ? withoutRepeats(node)
    : node.kind === 'list'
      ? { ...node, items: node.items.map(inside) }
      : node;
}

function lastOfEachName({ items }: LayerList): LayerList {
  const byName = new Map(items.map((item) => [layerText(item, 'name') || item, item]));
  return { kind: 'list', items: [...byName.values()] };
}
