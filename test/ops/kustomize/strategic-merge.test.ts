import { expect, test } from '@jest/globals';
import { type LayerMap, type LayerNode, layerNode } from '../../../src/ops/kustomize/layers/layer-node.js';
import { mergePatch, withoutRepeats } from '../../../src/ops/kustomize/layers/strategic-merge.js';
import { readValues } from '../../../src/ops/yaml/values.js';

function mapOf(containers: string): LayerMap {
  const [value] = readValues(`spec: { containers: ${containers} }`, 'a.yaml');
  const node = value && layerNode(value, { file: 'a.yaml', line: 1 });
  if (node?.kind !== 'map') {
    throw new Error('No mapping.');
  }
  return node;
}

function plain(node: LayerNode | undefined): unknown {
  switch (node?.kind) {
    case 'map':
      return Object.fromEntries([...node.entries].map(([key, value]) => [key, plain(value)]));
    case 'list':
      return node.items.map(plain);
    default:
      return node?.text;
  }
}

/** What `kubectl kustomize` 5.5 makes of the same. */
test.each<[what: string, isKnown: boolean, before: string, patch: string, expected: string]>([
  [
    'a list of another kind is the patch’s',
    false,
    '[{name: a, image: a}, {name: b}]',
    '[{name: a, image: x}]',
    '[{name: a, image: x}]',
  ],
  [
    'directives in such a list are part of its items',
    false,
    '[{name: a, image: a}]',
    '[{name: a, $patch: delete}, {name: b}]',
    '[{name: a, $patch: delete}, {name: b}]',
  ],
  [
    'an item of Kubernetes itself is deleted',
    true,
    '[{name: a, image: a}, {name: b}]',
    '[{name: a, $patch: delete}]',
    '[{name: b}]',
  ],
  [
    'of items of one name the last is left',
    true,
    '[{name: d, image: one, args: x}, {name: a}, {name: d, image: two}]',
    '[{name: a, image: q}]',
    '[{name: a, image: q}, {name: d, image: two}]',
  ],
  [
    'whatever the patch says of it',
    true,
    '[{name: d, image: one}, {name: a}, {name: d, image: two}]',
    '[{name: d, image: q}]',
    '[{name: d, image: two}, {name: a}]',
  ],
  [
    'but that it goes',
    true,
    '[{name: d, image: one}, {name: a}, {name: d, image: two}]',
    '[{name: d, $patch: delete}]',
    '[{name: a}]',
  ],
  [
    'also where the patch says nothing of the list',
    true,
    '[{name: d, image: one}, {name: a}, {name: d, image: two}]',
    '[]',
    '[{name: d, image: two}, {name: a}]',
  ],
])('a strategic merge: %s', (_what, isKnown, before, patch, expected) => {
  const merged = mergePatch(mapOf(before), mapOf(patch), isKnown);
  expect(plain(merged && (isKnown ? withoutRepeats(merged) : merged))).toEqual(plain(mapOf(expected)));
});
