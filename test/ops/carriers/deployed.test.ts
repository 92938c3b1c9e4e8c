import { describe, expect, test } from '@jest/globals';
import { appOfImage } from '../../../src/ops/carriers/app-of-image.js';
import { deployedIn, sameDeployed } from '../../../src/ops/carriers/deployed.js';
import { readOverlay } from '../../../src/ops/overlays/overlay.js';
import { objectTree } from '../../../src/ops/tree/object-tree.js';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const web = { kind: 'image', repository: 'ghcr.io/acme/shop-web', image: 'shop-web' };

function deployed(text: string, name = 'kustomization.yaml', app = 'shop') {
  return deployedIn([{ path: `overlays/staging/shop/${name}`, text }], app);
}

describe('what an overlay holds, in every kind of carrier', () => {
  test.each([
    ['images', `images:\n- name: ghcr.io/acme/shop-web\n  newTag: 1.4.0\n  digest: ${DIGEST}\n`],
    ['a replaced name', `images:\n- name: shop-web\n  newName: ghcr.io/acme/shop-web\n  newTag: 1.4.0@${DIGEST}\n`],
    [
      'an image of a container',
      `spec:\n  containers:\n  - name: web\n    image: ghcr.io/acme/shop-web:1.4.0@${DIGEST}\n`,
    ],
    [
      'a JSON patch',
      `- op: replace\n  path: /spec/containers/0/image\n  value: ghcr.io/acme/shop-web:1.4.0@${DIGEST}\n`,
    ],
    ['Helm values', `image:\n  registry: ghcr.io\n  repository: acme/shop-web\n  tag: 1.4.0\n  digest: ${DIGEST}\n`],
    ['values inside a text', `values: |\n  image:\n    repository: ghcr.io/acme/shop-web\n    tag: 1.4.0@${DIGEST}\n`],
    ['Argo CD images', `kustomize:\n  images:\n  - web=ghcr.io/acme/shop-web:1.4.0@${DIGEST}\n`],
    [
      'Argo CD parameters',
      `parameters:\n- name: web.image.repository\n  value: ghcr.io/acme/shop-web\n- name: web.image.tag\n  value: 1.4.0@${DIGEST}\n`,
    ],
  ])('%s', (_, text) => {
    expect(deployed(text)).toEqual({
      targets: [{ ...web, tag: '1.4.0', digest: DIGEST }],
      pinned: [],
      version: '1.4.0',
    });
  });

  test.each([
    ['https://github.com/acme/apps//apps/shop/deploy?ref=shop-v1.4.0', 'apps/shop', 'acme/apps'],
    ['https://github.com/acme/shop//deploy?ref=v1.4.0', '.', 'acme/shop'],
    ['git@github.com:acme/apps.git//kubernetes/base?ref=shop-v1.4.0', 'kubernetes/base', 'acme/apps'],
  ])('a remote base %s', (url, appPath, repository) => {
    const gitTag = url.split('=')[1];
    const base = { kind: 'base', repository, appPath, gitTag };
    expect(deployed(`resources:\n- ${url}\n`)).toEqual({ targets: [base], pinned: [], version: '1.4.0' });
  });

  test('an Argo CD source', () => {
    const source =
      'source:\n  repoURL: https://github.com/acme/apps\n  path: apps/shop/deploy\n  targetRevision: shop-v2.0.0\n';
    expect(deployed(source, 'application.yaml')).toMatchObject({
      targets: [{ kind: 'base', appPath: 'apps/shop', gitTag: 'shop-v2.0.0' }],
      version: '2.0.0',
    });
  });
});

test('a branch, an image without a version and a template that is no YAML are nothing that is held', () => {
  const nothing = { targets: [], pinned: [], version: null };
  expect(deployed('resources:\n- https://github.com/acme/apps//apps/shop/deploy?ref=main\n')).toEqual(nothing);
  expect(deployed('spec:\n  containers:\n  - image: ghcr.io/acme/shop-web\n')).toEqual(nothing);
  expect(deployed('{{ if .x }}\nimage: a:1\n', 'values-template.yaml')).toEqual(nothing);
});

test('a broken kustomization is an error with file and line', () => {
  expect(() => deployed('images: [\n')).toThrow(/overlays\/staging\/shop\/kustomization.yaml:\d/);
});

test('an image with a digest alone is listed as pinned, unless another carrier has its tag', () => {
  const pin = `images:\n- name: ghcr.io/acme/shop-web\n  digest: ${DIGEST}\n`;
  expect(deployed(pin)).toEqual({
    targets: [],
    pinned: [{ repository: 'ghcr.io/acme/shop-web', digest: DIGEST }],
    version: 'sha256:aaaaaaaaaaaa',
  });
  expect(deployed(`${pin}- name: ghcr.io/acme/shop-web\n  newTag: 1.4.0\n`)).toMatchObject({
    pinned: [],
    version: '1.4.0',
  });
});

test('"images" decides over what a manifest says of the same image', () => {
  const files = [
    { path: 'overlays/staging/shop/patch.yaml', text: 'image: ghcr.io/acme/shop-web:0.1.0\n' },
    {
      path: 'overlays/staging/shop/kustomization.yaml',
      text: 'images:\n- name: ghcr.io/acme/shop-web\n  newTag: 1.4.0\n',
    },
  ];
  expect(deployedIn(files, 'shop').targets).toEqual([{ ...web, tag: '1.4.0' }]);
});

test("the version is the app's own image's, not a sidecar's that comes first", () => {
  const text = 'images:\n- name: envoy\n  newTag: 1.30.0\n- name: ghcr.io/acme/shop-web\n  newTag: 1.4.0\n';
  expect(deployed(text).version).toBe('1.4.0');
  expect(deployed(text.slice(0, text.indexOf('- name: ghcr'))).version).toBe('1.30.0');
});

test('what is held the same is the same in any order and file', () => {
  const [one, two] = ['- name: a/web\n  newTag: 1.0.0\n', '- name: a/worker\n  newTag: 1.0.0\n'];
  expect(sameDeployed(deployed(`images:\n${one}${two}`), deployed(`images:\n${two}${one}`))).toBe(true);
  expect(sameDeployed(deployed(`images:\n${one}`), deployed(`images:\n${one}${two}`))).toBe(false);
  expect(sameDeployed(deployed(`images:\n${one}`), deployed(`images:\n${one.replace('1.0.0', '1.0.1')}`))).toBe(false);
});

test('of a kustomization of many apps only what is named after the app is its own', async () => {
  const tree = objectTree({
    'apps/overlays/staging/kustomization.yaml':
      'resources: [../../base/shop, ../../base/shop-admin]\npatches:\n- path: shop/version.yaml\nimages:\n' +
      '- name: ghcr.io/acme/shop-web\n  newTag: 1.4.0\n- name: ghcr.io/acme/shop-admin-web\n  newTag: 9.0.0\n' +
      '- name: ghcr.io/acme/mailer\n  newTag: 3.0.0\n',
    'apps/overlays/staging/shop/version.yaml': 'spec:\n  containers:\n  - image: ghcr.io/acme/assets:7.0.0\n',
  });
  const layout = { templates: ['apps/overlays/{environment}'] };
  const read = async (app: string) => deployedIn((await readOverlay(tree, layout, 'staging', app))?.files ?? [], app);
  expect((await read('shop')).targets.map(({ repository }) => repository)).toEqual([
    'ghcr.io/acme/shop-web',
    'ghcr.io/acme/assets',
  ]);
  expect((await read('shop-admin')).version).toBe('9.0.0');
});

test('apps of two workspaces with images of one name are distinguished', async () => {
  const version = (image: string) => `spec:\n  containers:\n  - image: ${image}\n`;
  const tree = objectTree({
    'apps/overlays/staging/kustomization.yaml':
      'resources: [../../base/shop, ../../base/growth-shop]\npatches:\n- path: version-shop.yaml\n- path: growth-shop.yaml\n' +
      'images:\n- name: ghcr.io/acme/growth/shop\n  newTag: 9.0.0\n- name: ghcr.io/acme/shop\n  newTag: 1.4.0\n',
    'apps/overlays/staging/version-shop.yaml': version('redis:7.0.0'),
    'apps/overlays/staging/growth-shop.yaml': version('redis:8.0.0'),
    'apps/overlays/production/kustomization.yaml':
      'resources: [../../base/growth-shop]\nimages:\n- name: ghcr.io/acme/growth/shop\n  newTag: 8.0.0\n',
  });
  const layout = { templates: ['apps/overlays/{environment}'] };
  const read = async (app: string) => deployedIn((await readOverlay(tree, layout, 'staging', app))?.files ?? [], app);
  const [own, guest] = [await read('shop'), await read('growth-shop')];
  const tags = ({ targets }: typeof own) => targets.map((target) => target.kind === 'image' && target.tag);
  expect([own.version, tags(own), guest.version, tags(guest)]).toEqual([
    ...['1.4.0', ['1.4.0', '7.0.0']],
    ...['9.0.0', ['9.0.0', '8.0.0']],
  ]);
  expect(await readOverlay(tree, layout, 'production', 'shop')).toBeUndefined();
});

test.each([
  ['ghcr.io/acme/shop', ['shop', 'acme', 'base'], 'shop'],
  ['ghcr.io/acme/shop-web', ['shop', 'shop-web'], 'shop-web'],
  ['ghcr.io/acme/growth/shop', ['shop', 'growth-shop'], 'growth-shop'],
  ['ghcr.io/acme/growth/shop-web', ['shop-web', 'growth', 'growth-shop'], 'growth-shop'],
  ['shop', ['', '..', 'mailer'], undefined],
])('the image %s is, among %j, of %s', (image, apps, owner) => {
  expect(appOfImage(image, apps)).toBe(owner);
  expect(appOfImage(image, [...apps].reverse())).toBe(owner);
});
