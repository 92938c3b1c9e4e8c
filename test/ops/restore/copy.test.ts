import { describe, expect, test } from '@jest/globals';
import { addBases, copyFiles, isPromotable, keptPatches, withoutKept } from '../../../src/ops/restore/copy.js';
import { draftedIn, partsOf } from './parts.js';
import { lines } from './support.js';

const staging = (name: string) => `apps/overlays/staging/${name}`;
const production = (name: string) => `apps/overlays/production/${name}`;
const root = (...patches: string[]) =>
  lines('resources:', '  - ../../base/shop', 'patches:', ...patches.map((path) => `  - path: ${path}`));
const BASE = { 'apps/base/shop/kustomization.yaml': 'resources: []\n' };
const DEPLOYMENT = 'kind: Deployment\n';

test.each([
  ['version.yaml', true],
  ['_host.yaml', false],
  ['kustomization.yaml', false],
  ['kustomization.yml', false],
  ['Kustomization', false],
  ['my_app.yaml', true],
])('whether %s travels: %s', (name, expected) => {
  expect(isPromotable(name)).toBe(expected);
});

interface Given {
  /** References of the kustomization, and files of the app's folder by name. */
  source: [patches: string[], files: Record<string, string>];
  target: [patches: string[], files: Record<string, string>];
}

function filesOf({ source, target }: Given): Record<string, string> {
  const of = (at: (name: string) => string, [patches, files]: Given['source']) => [
    [at('kustomization.yaml'), root(...patches)],
    ...Object.entries(files).map(([name, text]) => [at(`shop/${name}`), text]),
  ];
  return { ...BASE, ...Object.fromEntries([...of(staging, source), ...of(production, target)]) };
}

async function copied(given: Given) {
  const { source, target, draft } = await partsOf(filesOf(given), 'shop');
  const notes = copyFiles(draft, source, target);
  return { notes, files: draftedIn(draft) };
}

describe('the files of an app', () => {
  test.each<[what: string, given: Given, files: Record<string, string | null>, notes: string[]]>([
    [
      'are those of the source, and nothing is written that is the same',
      {
        source: [['shop/a.yaml', 'shop/b.yaml'], { 'a.yaml': 'a: 2\n', 'b.yaml': 'b: 1\n' }],
        target: [['shop/a.yaml', 'shop/b.yaml'], { 'a.yaml': 'a: 1\n', 'b.yaml': 'b: 1\n' }],
      },
      { [production('shop/a.yaml')]: 'a: 2\n' },
      [],
    ],
    [
      'come with their references',
      { source: [['shop/a.yaml'], { 'a.yaml': DEPLOYMENT }], target: [['cart/a.yaml'], {}] },
      {
        [production('shop/a.yaml')]: DEPLOYMENT,
        [production('kustomization.yaml')]: root('cart/a.yaml', 'shop/a.yaml'),
      },
      [],
    ],
    [
      'go with their references where the source no longer has them',
      {
        source: [['shop/a.yaml'], { 'a.yaml': DEPLOYMENT }],
        target: [['shop/a.yaml', 'shop/old.yaml'], { 'a.yaml': DEPLOYMENT, 'old.yaml': DEPLOYMENT }],
      },
      { [production('shop/old.yaml')]: null, [production('kustomization.yaml')]: root('shop/a.yaml') },
      [],
    ],
    [
      'stay where their name says so, on both sides',
      {
        source: [['shop/_host.yaml', 'shop/a.yaml'], { 'a.yaml': DEPLOYMENT, '_host.yaml': 'host: staging\n' }],
        target: [['shop/_size.yaml', 'shop/a.yaml'], { 'a.yaml': DEPLOYMENT, '_size.yaml': 'size: 3\n' }],
      },
      {},
      [],
    ],
    [
      'are told where nothing refers to them',
      { source: [[], { 'a.yaml': DEPLOYMENT }], target: [['cart/a.yaml'], {}] },
      { [production('shop/a.yaml')]: DEPLOYMENT },
      ['apps/overlays/production/shop/a.yaml is there and nothing refers to it.'],
    ],
    [
      'come without references to files that are not there',
      { source: [['shop/gone.yaml'], { 'a.yaml': DEPLOYMENT }], target: [['shop/a.yaml'], { 'a.yaml': DEPLOYMENT }] },
      {},
      [],
    ],
    [
      'come with a kustomization of their own, which leaves out what stays',
      {
        source: [
          [],
          {
            'a.yaml': DEPLOYMENT,
            '_host.yaml': 'host: staging\n',
            'kustomization.yaml': lines('resources:', '  - a.yaml', '  - _host.yaml'),
          },
        ],
        target: [['cart/a.yaml'], {}],
      },
      {
        [production('shop/a.yaml')]: DEPLOYMENT,
        [production('shop/kustomization.yaml')]: lines('resources:', '  - a.yaml'),
      },
      [],
    ],
    [
      'are referred to by the kustomization of their own that is there, whatever its name',
      {
        source: [[], { 'a.yaml': DEPLOYMENT, 'kustomization.yaml': lines('resources:', '  - a.yaml') }],
        target: [[], { 'b.yaml': DEPLOYMENT, 'kustomization.yml': lines('resources:', '  - b.yaml') }],
      },
      {
        [production('shop/a.yaml')]: DEPLOYMENT,
        [production('shop/b.yaml')]: null,
        [production('shop/kustomization.yml')]: lines('resources:', '  - a.yaml'),
      },
      [],
    ],
  ])('%s', async (_what, given, files, notes) => {
    expect(await copied(given)).toEqual({ files, notes });
  });

  test('change their list where the source has them in another one', async () => {
    const files = filesOf({
      source: [[], { 'a.yaml': DEPLOYMENT }],
      target: [['cart/a.yaml', 'shop/a.yaml'], { 'a.yaml': DEPLOYMENT }],
    });
    files[staging('kustomization.yaml')] = lines('resources:', '  - ../../base/shop', '  - shop/a.yaml');
    const { source, target, draft } = await partsOf(files, 'shop');
    copyFiles(draft, source, target);
    expect(draftedIn(draft)).toEqual({
      [production('kustomization.yaml')]: lines(
        ...['resources:', '  - ../../base/shop', '  - shop/a.yaml', 'patches:', '  - path: cart/a.yaml'],
      ),
    });
  });
});

test('a kustomization loses its references to what stays, and to nothing remote', () => {
  const text = lines('resources:', '  - a.yaml', '  - _host.yaml', '  - github.com/acme/apps//_base?ref=v1');
  expect(withoutKept({ path: 'kustomization.yaml', text })).toBe(
    lines('resources:', '  - a.yaml', '  - github.com/acme/apps//_base?ref=v1'),
  );
});

describe('the bases of an app that is new', () => {
  const parts = async (environment: string) => {
    const given: Given = { source: [[], {}], target: [['cart/a.yaml'], {}] };
    const files = filesOf(given);
    files[staging('kustomization.yaml')] = lines('resources:', '  - ../../base/cart', '  - ../../base/shop/');
    files[production('kustomization.yaml')] = lines('resources:', '  - ../../base/cart');
    return partsOf(files, 'shop', ['staging', environment]);
  };

  test('are referred to as the source does, once', async () => {
    const { source, target, draft } = await parts('production');
    addBases(draft, source, target, ['../../base/shop']);
    addBases(draft, source, target, ['../../base/shop']);
    expect(draftedIn(draft)).toEqual({
      [production('kustomization.yaml')]: lines('resources:', '  - ../../base/cart', '  - ../../base/shop/'),
    });
  });

  test('are not where there is no kustomization to refer to them', async () => {
    const { source, target, draft } = await parts('test');
    addBases(draft, source, target, ['../../base/shop']);
    expect(draftedIn(draft)).toEqual({});
  });
});

test('the patches that an environment keeps are told', async () => {
  const given: Given = {
    source: [[], {}],
    target: [['shop/_host.yaml', 'shop/a.yaml'], { '_host.yaml': 'kind: Ingress\n', 'a.yaml': DEPLOYMENT }],
  };
  const { source, target } = await partsOf(filesOf(given), 'shop');
  expect([keptPatches(source), keptPatches(target)]).toEqual([[], [production('shop/_host.yaml')]]);
});
