import { expect, test } from '@jest/globals';
import { imageTarget } from '../../../src/ops/carriers/image-reference.js';
import { changesOnlyVersions } from '../../../src/ops/judgement/only-versions.js';
import { sideFiles } from '../../../src/ops/judgement/side-files.js';
import { objectTree } from '../../../src/ops/tree/object-tree.js';

const side = (path: string, text: string | undefined) =>
  sideFiles({
    tree: objectTree(text === undefined ? {} : { [path]: text }),
    paths: text === undefined ? [] : [path],
  });

const OVERLAY = 'overlays/production/web/kustomization.yaml';
const MANIFEST = 'overlays/production/web/web.yaml';
const CHART = 'overlays/production/web/Chart.yaml';
const ENV = 'overlays/production/web/versions.env';
const LOCK = 'overlays/production/web/Chart.lock';
const kustomization = (image: string, more = '') =>
  `resources: [../../../bases/web]\nimages:\n- { name: ghcr.io/acme/web, ${image} }\n${more}`;
const deployment = (tag: string, replicas = '2', env = 'info') =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec: { replicas: ${replicas}, template: { spec: { containers: [{ name: web, image: "ghcr.io/acme/web:${tag}", env: [{ name: LEVEL, value: ${env} }] }] } } }\n`;
const release = (version: string, more = '') =>
  `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: { name: redis }\nspec: { chart: { spec: { chart: redis, version: "${version}", sourceRef: { kind: HelmRepository, name: redis } } }${more} }\n`;
const chart = (version: string, repository = 'https://charts.example') =>
  `apiVersion: v2\nname: web\nversion: 0.0.0\ndependencies:\n- { name: redis, version: ${version}, repository: "${repository}" }\n`;
const lock = (version: string, digest: string) =>
  `dependencies:\n- name: redis\n  repository: https://charts.example\n  version: ${version}\ndigest: sha256:${digest}\ngenerated: "2026-01-01T00:00:00Z"\n`;
const patch = (image: string) =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec: { template: { spec: { containers: [{ name: web, image: ${image} }] } } }\n`;
const DIGEST = `sha256:${'a'.repeat(64)}`;

test.each<[string, string, string | undefined, string | undefined, boolean]>([
  ['a tag', OVERLAY, kustomization('newTag: 1.5.0'), kustomization('newTag: 1.4.0'), true],
  ['a tag for a digest', OVERLAY, kustomization('newTag: 1.5.0'), kustomization(`digest: "${DIGEST}"`), true],
  ['a tag and its comment', OVERLAY, kustomization('newTag: 1.5.0'), `# ours\n${kustomization('newTag: 1.4.0')}`, true],
  [
    'a tag and a prefix',
    OVERLAY,
    kustomization('newTag: 1.5.0'),
    kustomization('newTag: 1.4.0', 'namePrefix: a-\n'),
    false,
  ],
  [
    'a tag and replicas',
    OVERLAY,
    kustomization('newTag: 1.5.0'),
    kustomization('newTag: 1.4.0', 'replicas: [{ name: web, count: 0 }]\n'),
    false,
  ],
  ['the image of a manifest', MANIFEST, deployment('1.5.0'), deployment('1.4.0'), true],
  ['the image by digest', MANIFEST, deployment('1.5.0'), deployment(`1.4.0@${DIGEST}`), true],
  ['the image and replicas', MANIFEST, deployment('1.5.0'), deployment('1.4.0', '0'), false],
  ['replicas that look like the tag', MANIFEST, deployment('2', '2'), deployment('3', '3'), false],
  ['the image and a variable', MANIFEST, deployment('1.5.0'), deployment('1.4.0', '2', 'debug'), false],
  ['the version of a chart', MANIFEST, release('1.1.0'), release('1.0.0'), true],
  [
    'the version and values of a chart',
    MANIFEST,
    release('1.1.0'),
    release('1.0.0', ', values: { auth: { enabled: false } }'),
    false,
  ],
  ['a dependency', CHART, chart('1.1.0'), chart('1.0.0'), true],
  ['a dependency and its repository', CHART, chart('1.1.0'), chart('1.0.0', 'https://mallory.dev'), false],
  ['a lock', LOCK, lock('1.1.0', 'aa'), lock('1.0.0', 'bb'), true],
  ['a variable of a file', ENV, 'TAG=1.5.0\nLEVEL=info\n', 'TAG=1.4.0\nLEVEL=info\n', true],
  ['a variable of the app', ENV, 'WEB_TAG=1.5.0\n', 'WEB_TAG=1.4.0\n', true],
  ['the image in a variable', ENV, 'WEB_IMAGE=ghcr.io/acme/web:1.5.0\n', 'WEB_IMAGE=ghcr.io/acme/web:1.4.0\n', true],
  ['a variable that the environment never held', ENV, 'TAG=1.5.0\n', 'TAG=6.6.6\n', false],
  ['a variable of another app', ENV, 'DB_VERSION=1.5.0\n', 'DB_VERSION=1.4.0\n', false],
  [
    'an image of somebody else in a variable',
    ENV,
    'WEB_IMAGE=ghcr.io/acme/web:1.5.0\n',
    'WEB_IMAGE=ghcr.io/mallory/web:1.4.0\n',
    false,
  ],
  ['an image of another app in a variable', ENV, 'X_IMAGE=a/b:1\n', 'X_IMAGE=ghcr.io/acme/web:1.4.0\n', false],
  ['a variable that is called otherwise', ENV, 'TAG=1.5.0\n', 'WEB_TAG=1.4.0\n', false],
  ['a variable that comes', ENV, 'TAG=1.5.0\n', 'TAG=1.4.0\nWEB_TAG=1.4.0\n', false],
  ['a variable of a file and another', ENV, 'TAG=1.5.0\nLEVEL=info\n', 'TAG=1.4.0\nLEVEL=debug\n', false],
  ['a lock of another repository', LOCK, lock('1.1.0', 'aa'), lock('1.0.0', 'bb').replace('charts.', 'evil.'), false],
  ['a file that comes', MANIFEST, undefined, deployment('1.4.0'), false],
  ['a file that goes', MANIFEST, deployment('1.4.0'), undefined, false],
  ['a patch of the image that comes', MANIFEST, undefined, patch('ghcr.io/acme/web:1.4.0'), true],
  ['a patch of the image that goes', MANIFEST, patch('ghcr.io/acme/web:1.5.0'), undefined, true],
  ['a patch of another version that comes', MANIFEST, undefined, patch('ghcr.io/acme/web:6.6.6'), false],
  ['a patch of another image that comes', MANIFEST, undefined, patch('ghcr.io/evil/web:1.4.0'), false],
  ['a patch of more that comes', MANIFEST, undefined, patch('ghcr.io/acme/web:1.4.0, command: [sh]'), false],
  ['a namespace that comes', MANIFEST, undefined, 'apiVersion: v1\nkind: Namespace\nmetadata: { name: x }\n', false],
  ['a file that is no YAML', MANIFEST, deployment('1.5.0'), 'a: [\n', false],
])('%s', async (_, path, before, after, expected) => {
  const back = [{ app: 'web', targets: [imageTarget('ghcr.io/acme/web', '1.4.0')] }];
  expect(await changesOnlyVersions(side(path, before), side(path, after), path, back)).toBe(expected);
});

test.each<[string, string, boolean]>([
  ['a patch of the image', 'patches: [{ path: web.yaml }]\n', true],
  ['a patch of the image in the older list', 'patchesStrategicMerge: [web.yaml]\n', true],
  ['a patch of the image with a target', 'patches: [{ path: web.yaml, target: { kind: Job } }]\n', false],
  ['another patch beside it', 'patches: [{ path: web.yaml }, { path: other.yaml }]\n', false],
  ['the same file as a resource', 'resources: [../../../bases/web, web.yaml]\n', false],
])('a kustomization that gets %s', async (_, more, expected) => {
  const old = kustomization('newTag: 1.5.0');
  const next = more.startsWith('resources') ? old.replace(/resources.*\n/, more) : `${old}${more}`;
  const files = (text: string, rest: Record<string, string>) => {
    const all = { [OVERLAY]: text, 'overlays/production/web/other.yaml': 'a: b\n', ...rest };
    return sideFiles({ tree: objectTree(all), paths: Object.keys(all) });
  };
  const back = [{ app: 'web', targets: [imageTarget('ghcr.io/acme/web', '1.4.0')] }];
  const after = files(next, { [MANIFEST]: patch('ghcr.io/acme/web:1.4.0') });
  expect(await changesOnlyVersions(files(old, {}), after, OVERLAY, back)).toBe(expected);
});
