import { expect, test } from '@jest/globals';
import type { Target } from '../../../src/ops/carriers/carrier.js';
import { addImages } from '../../../src/ops/restore/images.js';
import { lines } from './support.js';

const FILE = 'apps/overlays/production/kustomization.yaml';
const target = (name: string): Target => ({ kind: 'image', repository: `ghcr.io/acme/${name}`, image: name, tag: '1' });
const entry = (name: string, tag: string, ...more: string[]) => [`  - name: ${name}`, `    newTag: ${tag}`, ...more];
const list = (...entries: string[][]) => lines('resources: []', 'images:', ...entries.flat());

const SHOP = entry('ghcr.io/acme/shop', '1.4.0', `    digest: sha256:${'a'.repeat(64)}`);
const API = entry('api', '"1.10"', '    newName: ghcr.io/acme/shop-api');
const CART = entry('ghcr.io/acme/cart', '2.0.0');

test.each<[what: string, text: string, from: string, names: string[], expected: string]>([
  ['that are missing are added as they are', list(CART), list(CART, SHOP), ['shop'], list(CART, SHOP)],
  ['that have another name are told by it', list(CART), list(API), ['shop-api'], list(CART, API)],
  [
    'that are there stay',
    list(entry('ghcr.io/acme/shop', '1.0.0')),
    list(SHOP),
    ['shop'],
    list(entry('ghcr.io/acme/shop', '1.0.0')),
  ],
  ['of other apps are left out', list(SHOP), list(SHOP, CART), ['shop'], list(SHOP)],
  ['begin a list where there is none', lines('resources: []'), list(SHOP, API), ['shop', 'shop-api'], list(SHOP, API)],
  ['are none where there are none', lines('resources: []'), lines('resources: []'), ['shop'], lines('resources: []')],
])('entries of images %s', (_what, text, from, names, expected) => {
  expect(addImages(text, FILE, { path: 'from.yaml', text: from }, names.map(target))).toBe(expected);
});
