import { describe, expect, test } from '@jest/globals';
import { appOfReference } from '../../../src/ops/overlays/app-of-reference.js';
import { appFinder } from '../../../src/ops/render/app-of-origin.js';
import { closureOf } from '../../../src/ops/render/closure.js';
import { objectTree } from '../../../src/ops/tree/object-tree.js';

describe('the app that a group takes in by a reference', () => {
  test.each([
    ['../../base/shop', 'shop'],
    ['../../base/shop/', 'shop'],
    ['../../shop/base', 'shop'],
    ['https://github.com/acme/apps//apps/shop/deploy?ref=shop-v1.4.0', 'shop'],
    ['git@github.com:acme/shop.git?ref=v1.4.0', 'shop'],
    ['../../base', 'base'],
    ['namespace.yaml', undefined],
    ['shop/quota.yaml', undefined],
    ['../..', undefined],
  ])('%s is %s', (reference, app) => {
    expect(appOfReference(reference)).toBe(app);
  });
});

test('an object is of the app whose reference leads to its file, of none where several do', async () => {
  const remote = 'https://github.com/acme/apps//apps/mail/deploy?ref=mail-v1.0.0';
  const tree = objectTree({
    'apps/overlays/eu/kustomization.yaml': `resources: [../../base/shop, ../../base/cart, ${remote}, cart/quota.yaml]\n`,
    'apps/overlays/eu/cart/quota.yaml': '',
    'apps/base/shop/kustomization.yaml': 'resources: [web.yaml, ../../lib]\n',
    'apps/base/shop/web.yaml': '',
    'apps/base/cart/kustomization.yaml': 'resources: [../../lib]\n',
    'apps/lib/kustomization.yaml': 'resources: [cache.yaml]\n',
    'apps/lib/cache.yaml': '',
  });
  const appOf = appFinder(await closureOf(tree, 'apps/overlays/eu'));
  const own = (path: string) => appOf({ repository: undefined, path });
  expect(own('apps/base/shop/web.yaml')).toBe('shop');
  expect(own('apps/base/shop/kustomization.yaml')).toBe('shop');
  expect(own('apps/lib/cache.yaml')).toBe('');
  expect(own('apps/overlays/eu/cart/quota.yaml')).toBe('cart');
  expect(own('apps/overlays/eu/namespace.yaml')).toBe('');
  const repository = 'https://github.com/acme/apps';
  expect(appOf({ repository, path: 'apps/mail/deploy/web.yaml' })).toBe('mail');
  expect(appOf({ repository, path: 'apps/other/web.yaml' })).toBe('');
});
