// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Flux are spelled like that.
/** Ways for an image into an environment, with a version and without, and what the policy says of it. */
import { describe, expect, test } from '@jest/globals';
import { inspectChange } from '../../../src/ops/judgement/inspect-change.js';
import { ARGO_CD, application } from '../../attacks/support/argocd.js';
import { FLUX, kustomization, release } from '../../attacks/support/flux.js';
import { at, base } from '../../attacks/support/plain.js';
import { changeOf, type Files } from './support.js';

type Edits = Record<string, string | undefined>;

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
const [A, B] = [digest('a'), digest('b')];
const IMAGES = `environments: { staging: {}, production: {} }
images:
- { match: "ghcr.io/acme/*", from: acme/apps, workflow: .github/workflows/release.yml }
- { match: "docker.io/library/*", pinned: true }
- { match: "ghcr.io/evil/*", deny: true }
`;
const overlay = (images: string, more = '') => `resources: [../../../bases/shop]\nimages: [${images}]\n${more}`;
const entry = (rest: string) => `{ name: ghcr.io/acme/shop, ${rest} }`;
const FILES: Files = {
  'ostack.yaml': IMAGES,
  ...base('shop'),
  [at('staging')]: overlay(entry(`newTag: 1.5.0, digest: "${A}"`)),
  [at('production')]: overlay(entry(`newTag: 1.4.0, digest: "${A}"`)),
};
const pod = (image: string, more = '') =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: extra }\nspec:\n  containers: [{ name: extra, image: "${image}" }]\n${more}`;
/** Production's overlay with a file more. */
const taking = (text: string, more = ''): Edits => ({
  [at('production')]: overlay(entry(`newTag: 1.4.0, digest: "${A}"`), more).replace('shop]', 'shop, extra.yaml]'),
  [at('production', 'shop', 'extra.yaml')]: text,
});
/** Production's overlay with other keys. */
const withKeys = (more: string, files: Edits = {}): Edits => ({
  [at('production')]: overlay(entry(`newTag: 1.4.0, digest: "${A}"`), more),
  ...files,
});
const FLUX_FILES: Files = {
  ...FLUX[0],
  'ostack.yaml': IMAGES,
  'clusters/production/kustomization.yaml': 'resources: [shop.yaml]\n',
  'clusters/production/shop.yaml': kustomization('production'),
};
const ARGO_CD_FILES: Files = { ...ARGO_CD[0], 'ostack.yaml': IMAGES };

/** What production is told of images: problems that the images rules have, and images that take evidence. */
async function told(before: Files, edits: Edits): Promise<string> {
  const facts = await inspectChange(changeOf(before, edits), 'acme/ops');
  const problems = (facts.problems.get('production') ?? []).map(({ message }) => message);
  const own = problems.filter((message) => message.includes('"images"'));
  const proofs = (facts.unproven?.get('production') ?? []).map(
    ({ repository, digest: proven }) => `proof of ${repository}@${proven.slice(7, 9)}`,
  );
  return [...own, ...proofs].join(' | ');
}

describe('an image that comes into an environment', () => {
  test.each<[string, Files, Edits, string]>([
    [
      'by its digest',
      FILES,
      { [at('production')]: overlay(entry(`newTag: 1.5.0, digest: "${B}"`)) },
      'proof of ghcr.io/acme/shop@bb',
    ],
    [
      'in a file that nothing takes in any more',
      {
        ...FILES,
        [at('production')]: overlay('').replace('shop]', 'shop, ../../../more/extra.yaml]'),
        'more/extra.yaml': pod('ghcr.io/acme/shop'),
      },
      { [at('production')]: overlay(''), 'more/extra.yaml': pod('ghcr.io/evil/x:1') },
      'ghcr.io/evil/x:1 comes into production',
    ],
    [
      'by a tag alone',
      FILES,
      { [at('production')]: overlay(entry('newTag: 1.5.0')) },
      'ghcr.io/acme/shop:1.5.0 comes into production',
    ],
    [
      'by another name',
      FILES,
      { [at('production')]: overlay(entry(`newName: quay.io/x/shop, digest: "${A}"`)) },
      'no rule of "images"',
    ],
    [
      'by another name alone',
      FILES,
      { [at('production')]: overlay(entry('newName: ghcr.io/evil/shop')) },
      'ghcr.io/evil/shop comes into production',
    ],
    ['in a manifest', FILES, taking(pod('ghcr.io/evil/x:1')), 'which "images" of ostack.yaml keeps out'],
    ['in a manifest without a tag', FILES, taking(pod('ghcr.io/evil/x')), 'which "images" of ostack.yaml keeps out'],
    ['in a manifest by a short name', FILES, taking(pod('redis')), 'redis comes into production'],
    ['of Docker Hub with a digest', FILES, taking(pod(`redis@${B}`)), ''],
    [
      'in an init container',
      FILES,
      taking(pod(`redis@${B}`, '  initContainers: [{ name: i, image: busybox }]\n')),
      'busybox comes into production',
    ],
    [
      'in a job of a list',
      FILES,
      taking(
        `apiVersion: v1\nkind: List\nitems:\n- apiVersion: batch/v1\n  kind: Job\n  metadata: { name: j }\n  spec: { template: { spec: { containers: [{ name: j, image: "ghcr.io/evil/j" }] } } }\n`,
      ),
      'ghcr.io/evil/j comes into production',
    ],
    [
      'in a base',
      FILES,
      { 'bases/shop/deployment.yaml': pod('ghcr.io/evil/x') },
      'ghcr.io/evil/x comes into production',
    ],
    [
      'in a base of a base',
      FILES,
      { 'bases/shop/kustomization.yaml': 'resources: [deployment.yaml, ../job]\n', ...base('job') },
      'ghcr.io/acme/job comes into production',
    ],
    [
      'in a base, over which the overlay sets a digest',
      FILES,
      { 'bases/shop/deployment.yaml': `${FILES['bases/shop/deployment.yaml']}# changed\n` },
      '',
    ],
    [
      'in a patch',
      FILES,
      withKeys('patches: [{ path: p.yaml }]\n', {
        [at('production', 'shop', 'p.yaml')]:
          'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: shop }\nspec: { template: { spec: { containers: [{ name: side, image: ghcr.io/evil/side }] } } }\n',
      }),
      'ghcr.io/evil/side comes into production',
    ],
    [
      'in a JSON patch',
      FILES,
      withKeys(
        'patches: [{ target: { kind: Deployment }, patch: \'[{"op": "replace", "path": "/spec/template/spec/containers/0/image", "value": "ghcr.io/evil/x"}]\' }]\n',
      ),
      'ghcr.io/evil/x comes into production',
    ],
    [
      'by taking away what sets it',
      FILES,
      { [at('production')]: 'resources: [../../../bases/shop]\n' },
      'ghcr.io/acme/shop comes into production',
    ],
    [
      'by an entry that sets nothing here',
      FILES,
      {
        [at('production')]: overlay(
          `${entry(`newTag: 1.4.0, digest: "${A}"`)}, { name: x, newName: ghcr.io/evil/x, newTag: "1" }`,
        ),
      },
      'ghcr.io/evil/x:1 comes into production',
    ],
    [
      'in a variable of a container',
      FILES,
      taking(
        pod(`redis@${B}`).replace(
          'extra, image',
          'extra, env: [{ name: JOB_IMAGE, value: "ghcr.io/evil/x:1" }], image',
        ),
      ),
      'ghcr.io/evil/x:1 comes into production',
    ],
    [
      'in a script of a ConfigMap',
      FILES,
      taking('apiVersion: v1\nkind: ConfigMap\nmetadata: { name: s }\ndata: { run.sh: "exec ghcr.io/evil/x:1" }\n'),
      'ghcr.io/evil/x:1 comes into production',
    ],
    [
      'in values of a release',
      FLUX_FILES,
      {
        'clusters/production/podinfo.yaml': release(
          '6.5.0',
          ', values: { image: { repository: ghcr.io/evil/x, tag: "1" } }',
        ),
      },
      'ghcr.io/evil/x:1 comes into production',
    ],
    [
      'in values of a release without a tag',
      FLUX_FILES,
      {
        'clusters/production/podinfo.yaml': release('6.5.0', ', values: { image: { repository: ghcr.io/evil/x } }'),
      },
      'ghcr.io/evil/x comes into production',
    ],
    [
      'by what Flux sets over all layers',
      FLUX_FILES,
      {
        'clusters/production/shop.yaml': kustomization(
          'production',
          ', images: [{ name: ghcr.io/acme/shop, newName: ghcr.io/evil/x, newTag: "1" }]',
        ),
      },
      'ghcr.io/evil/x:1 comes into production',
    ],
    [
      'by what Argo CD sets over all layers',
      ARGO_CD_FILES,
      {
        'argocd/shop-production.yaml': application('production', {
          more: ', kustomize: { images: ["ghcr.io/acme/shop=ghcr.io/evil/x:1"] }',
        }),
      },
      'ghcr.io/evil/x:1 comes into production',
    ],
    ['as a variable', FILES, taking(pod('ghcr.io/acme/x:${TAG}')), 'without a digest'],
    ['as a variable altogether', FILES, taking(pod('${IMAGE}')), 'so that nobody can tell which image runs'],
    [
      'behind a replacement',
      FILES,
      withKeys(
        'replacements:\n- source: { kind: Deployment, name: shop, fieldPath: metadata.annotations.x }\n  targets: [{ select: { kind: Deployment }, fieldPaths: [spec.template.spec.containers.0.image] }]\n',
      ),
      'behind "replacements"',
    ],
    [
      'in a chart of the repository',
      FILES,
      {
        'overlays/production/web/Chart.yaml': 'name: web\nversion: 1.0.0\n',
        'overlays/production/web/templates/d.yaml': 'image: "ghcr.io/evil/x:{{ .Values.tag }}"\n{{ end }}\n',
      },
      'ghcr.io/evil/x comes into production',
    ],
    [
      'in a chart of the repository by its values',
      FILES,
      {
        'overlays/production/web/Chart.yaml': 'name: web\nversion: 1.0.0\n',
        'overlays/production/web/templates/d.yaml':
          'image: "{{ .Values.image.repository }}:{{ .Values.tag }}"\n{{ end }}\n',
        'overlays/production/web/values.yaml': 'image: { repository: ghcr.io/evil/x, tag: "2" }\n',
      },
      'ghcr.io/evil/x:2 comes into production',
    ],
    [
      'that was there under another tag',
      FILES,
      { [at('production')]: overlay(entry(`newTag: 1.5.0, digest: "${A}"`)) },
      '',
    ],
    [
      'in a place of nobody',
      FILES,
      { 'somewhere/x.yaml': pod('ghcr.io/evil/x') },
      'ghcr.io/evil/x comes into production',
    ],
    ['in a document', FILES, { [at('production', 'shop', 'README.md')]: 'image: ghcr.io/evil/x:1\n' }, ''],
    ['in another environment', FILES, { [at('staging')]: overlay(entry('newTag: 1.6.0')) }, ''],
  ])('%s', async (_, before, edits, expected) => {
    const found = await told(before, edits);
    if (expected === '') {
      expect(found).toBe('');
    } else {
      expect(found).toContain(expected);
    }
  });
});

describe('what the policy does not say keeps nothing out', () => {
  test.each<[string, Edits]>([
    ['a tag alone', { [at('production')]: overlay(entry('newTag: 1.5.0')) }],
    ['an image of nobody without a tag', taking(pod('redis'))],
  ])('%s', async (_, edits) => {
    const before = { ...FILES, 'ostack.yaml': 'environments: { staging: {}, production: {} }\n' };
    expect(await told(before, edits)).toBe('');
  });
});

test('a version that the policy alone knows is of an image, too', async () => {
  const carriers =
    'carriers: [{ file: "overlays/{environment}/shop/v.yaml", path: data.v, image: ghcr.io/acme/worker }]';
  const version = (tag: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: v }\ndata: { v: "${tag}" }\n`;
  const file = at('production', 'shop', 'v.yaml');
  const before = { ...FILES, 'ostack.yaml': `${IMAGES}${carriers}\n`, [file]: version('1.0.0') };
  expect(await told(before, { [file]: version('2.0.0') })).toContain('ghcr.io/acme/worker:2.0.0 comes into production');
});

test('what another environment has takes no evidence where it was asked for the same', async () => {
  const next = overlay(entry(`newTag: 1.6.0, digest: "${B}"`));
  const before = { ...FILES, [at('staging')]: next };
  expect(await told(before, { [at('production')]: next })).toBe('');
  const lax = IMAGES.replace('staging: {}', 'staging: { images: [{ match: "*", pinned: true }] }');
  expect(await told({ ...before, 'ostack.yaml': lax }, { [at('production')]: next })).toBe(
    'proof of ghcr.io/acme/shop@bb',
  );
});

test('what a layer above wrote over counts when that is taken away', async () => {
  const hidden = {
    ...FILES,
    'bases/shop/kustomization.yaml': `resources: [deployment.yaml]\nimages: [{ name: ghcr.io/acme/shop, newName: ghcr.io/evil/shop, digest: "${B}" }]\n`,
    [at('production')]: overlay(`{ name: ghcr.io/evil/shop, newName: ghcr.io/acme/shop, digest: "${A}" }`),
  };
  expect(await told(FILES, { ...hidden, [at('staging')]: undefined })).toBe('');
  expect(await told(hidden, { [at('production')]: 'resources: [../../../bases/shop]\n' })).toContain(
    'ghcr.io/evil/shop@sha256:bb',
  );
});

test('an object that takes its entry away counts for the folder that it deploys', async () => {
  const before = {
    ...FLUX_FILES,
    [at('production')]: 'resources: [../../../bases/shop]\n',
    'clusters/production/shop.yaml': kustomization(
      'production',
      `, images: [{ name: ghcr.io/acme/shop, digest: "${A}" }]`,
    ),
  };
  expect(await told(FLUX_FILES, before)).toBe('proof of ghcr.io/acme/shop@aa');
  expect(await told(before, { 'clusters/production/shop.yaml': kustomization('production') })).toContain(
    'ghcr.io/acme/shop comes into production',
  );
});

test('an entry over a folder is for what its object deploys, and not for another that deploys the folder, too', async () => {
  const set = kustomization('production', `, images: [{ name: ghcr.io/acme/shop, digest: "${A}" }]`);
  const plain = kustomization('production').replace('name: shop', 'name: other');
  const before = {
    ...FLUX_FILES,
    [at('production')]: 'resources: [../../../bases/shop]\n',
    'clusters/production/shop.yaml': set,
  };
  expect(await told(before, { 'clusters/production/other.yaml': plain })).toContain(
    'ghcr.io/acme/shop comes into production',
  );
});
