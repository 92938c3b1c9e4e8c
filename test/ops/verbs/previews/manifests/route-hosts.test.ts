import { describe, expect, test } from '@jest/globals';
import type { Manifest } from '../../../../../src/ops/overlays/manifests.js';
import { readManifests } from '../../../../../src/ops/overlays/manifests.js';
import { objectTree } from '../../../../../src/ops/tree/object-tree.js';
import { leftOutSentence } from '../../../../../src/ops/verbs/previews/manifests/left-out.js';
import { patchHosts } from '../../../../../src/ops/verbs/previews/manifests/route-hosts.js';

const TEMPLATE = 'https://{app}.{name}.preview.acme.dev';

async function objects(yaml: string): Promise<Manifest[]> {
  const tree = objectTree({ 'b/kustomization.yaml': 'resources: [a.yaml]\n', 'b/a.yaml': yaml });
  return (await readManifests(tree, 'b'))?.objects ?? [];
}

const ingress = (...hosts: string[]) =>
  `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: { name: shop }\nspec:\n  rules: [${hosts
    .map((host) => (host === '' ? '{ http: {} }' : `{ host: "${host}" }`))
    .join(', ')}]\n`;

const hostsIn = (patches: readonly { patch: string }[]) =>
  patches.flatMap(({ patch }) => [...patch.matchAll(/value: "?([^\s"]+)/g)].map((match) => match[1]));

describe('the hosts of an Ingress in a preview', () => {
  test.each([
    ['the first is the app’s', ['shop.example.com'], ['shop']],
    ['a further one has its first label', ['shop.example.com', 'api.shop.example.com'], ['shop', 'shop-api']],
    ['the same host is the same each time', ['a.com', 'b.com', 'a.com'], ['shop', 'shop-b', 'shop']],
    ['one called like the app has a number', ['www.com', 'shop.com'], ['shop', 'shop-2']],
    [
      'two with one first label differ by a number',
      ['x.com', 'api.a.com', 'api.b.com'],
      ['shop', 'shop-api', 'shop-api-3'],
    ],
    ['a wildcard stays one', ['*.shop.com'], ['*.shop']],
    ['no host is the first one', ['shop.com', ''], ['shop', 'shop']],
  ])('%s', async (_rule, hosts, labels) => {
    const { patches, url } = patchHosts(await objects(ingress(...hosts)), 'shop', 'pr-7', TEMPLATE);
    expect(hostsIn(patches)).toEqual(labels.map((label) => `${label}.pr-7.preview.acme.dev`));
    expect(url).toBe('https://shop.pr-7.preview.acme.dev');
  });
});

test('without a template Ingresses are left out, since two of them would claim one host', async () => {
  const { patches, url, leftOut } = patchHosts(await objects(ingress('shop.com')), 'shop', 'pr-7', undefined);
  expect(patches).toEqual([
    {
      target: { group: 'networking.k8s.io', kind: 'Ingress', name: 'shop' },
      patch: expect.stringContaining('$patch: delete'),
    },
  ]);
  expect(url).toBeUndefined();
  expect(leftOut.map(leftOutSentence)).toEqual([
    'Ingress shop of shop is left out: no address is set for it: add previews.url to ostack.yaml.',
  ]);
});

test('kinds whose hosts are not rewritten are named', async () => {
  const route = 'apiVersion: traefik.io/v1alpha1\nkind: IngressRoute\nmetadata: { name: web }\n';
  expect(patchHosts(await objects(route), 'shop', 'pr-7', TEMPLATE)).toEqual({
    patches: [],
    url: undefined,
    leftOut: [],
    notices: ['IngressRoute web of shop keeps its hosts: set them in bases/shop/preview.'],
  });
});
