import { describe, expect, test } from '@jest/globals';
import { boundsOf } from '../../../../src/ops/judgement/preview-bounds.js';
import { affectedRoots } from '../../../../src/ops/judgement/roots.js';
import { readPolicy } from '../../../../src/ops/policy/policy.js';
import { previewPolicy } from '../../../../src/ops/policy/preview-policy.js';
import { flux } from '../../../../src/ops/reconcilers/flux/flux.js';
import { unreadInPreviews } from '../../../../src/ops/verbs/check/unread-in-previews.js';
import { CLUSTER } from '../../../support/preview-cluster.js';
import { comparisonOf } from './support.js';

const LAYOUT = { templates: ['overlays/{environment}/{app}'], environments: ['staging', 'production'] };
const SHOP = 'bases/shop/kustomization.yaml';
const OVERLAY = 'overlays/staging/shop/kustomization.yaml';
const PLATFORM = 'https://github.com/acme/platform//web?ref=v1';

type Files = Record<string, string>;

const PLAIN: Files = {
  'ostack.yaml': 'environments: { staging: {}, production: {} }\n',
  [SHOP]: 'resources: [web.yaml]\n',
  'bases/shop/web.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: web }\n',
  [OVERLAY]: 'resources: [../../../bases/shop]\n',
};
const OPS: Files = {
  ...PLAIN,
  'ostack.yaml': 'environments: { staging: {}, production: {} }\npreviews: { host: staging }\n',
};
const REMOTE = { [SHOP]: `resources:\n  - web.yaml\n  - ${PLATFORM}\n` };

const BOUNDS = boundsOf(previewPolicy(readPolicy(OPS['ostack.yaml'])), { own: undefined, guests: [] });
const CONFINED: Files = {
  'clusters/staging/previews/ostack-previews.yaml': flux.previews.confinedObject(
    'previews/clusters/staging',
    CLUSTER,
    BOUNDS,
  ),
};

const release = (name: string) =>
  `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: { name: ${name} }\nspec: { chart: {} }\n`;

async function told(before: Files, after: Files) {
  const comparison = comparisonOf(before, after);
  const { roots } = await affectedRoots(comparison, LAYOUT);
  return unreadInPreviews(comparison, LAYOUT, roots);
}

describe('what previews take in unread is told', () => {
  test.each<[what: string, before: Files, change: Files, where: string, names: string]>([
    ['of a base in another repository', OPS, REMOTE, `${SHOP}:3`, `the remote ${PLATFORM}`],
    [
      'of one file elsewhere',
      OPS,
      { [SHOP]: 'resources: [web.yaml, https://acme.dev/web.yaml]\n' },
      `${SHOP}:1`,
      'the remote https://acme.dev/web.yaml',
    ],
    [
      'of a chart that kustomize inflates',
      OPS,
      { [SHOP]: 'resources: [web.yaml]\nhelmCharts: [{ name: web }]\n' },
      `${SHOP}:1`,
      '"helmCharts"',
    ],
    ['of what a generator makes', OPS, { [SHOP]: 'generators:\n  - make.yaml\n' }, `${SHOP}:2`, '"generators"'],
    [
      'of a patch from elsewhere',
      OPS,
      { [SHOP]: 'resources: [web.yaml]\npatches: [{ path: "https://acme.dev/patch.yaml" }]\n' },
      `${SHOP}:2`,
      'the patch https://acme.dev/patch.yaml',
    ],
    [
      'of what the overlay takes in where the app has no base here',
      { ...OPS, [SHOP]: '', [OVERLAY]: '' },
      {
        [SHOP]: 'configMapGenerator: []\n',
        'overlays/staging/cart/kustomization.yaml': `resources: ["${PLATFORM}"]\n`,
      },
      'overlays/staging/cart/kustomization.yaml:1',
      `the remote ${PLATFORM}`,
    ],
    [
      'of what an app has already when previews come',
      { ...PLAIN, ...REMOTE },
      { 'ostack.yaml': OPS['ostack.yaml'] ?? '' },
      `${SHOP}:3`,
      `the remote ${PLATFORM}`,
    ],
    [
      'of another one beside one that was there',
      { ...OPS, ...REMOTE },
      { [SHOP]: `${REMOTE[SHOP]}  - https://github.com/acme/db//web\n` },
      `${SHOP}:4`,
      'the remote https://github.com/acme/db//web',
    ],
  ])('%s', async (_what, before, change, where, names) => {
    const problems = await told(before, { ...before, ...change });
    expect(problems).toHaveLength(1);
    const [{ level, message } = { level: '', message: '' }] = problems;
    expect(level).toBe('warning');
    expect(message).toContain(`${where}: What comes into previews of `);
    expect(message).toContain(` with ${names} is not read here. Every object of the whole cluster, NetworkPolicy`);
  });

  test('with what of it is left out, what may come in, and what to do next', async () => {
    const [problem] = await told(OPS, { ...OPS, ...REMOTE });
    expect(problem).toMatchObject({ level: 'warning', file: SHOP, line: 3 });
    const unread = 'its files are in another repository or made by a chart, and not read';
    expect(problem?.message).toBe(
      `${SHOP}:3: What comes into previews of shop with the remote ${PLATFORM} is not read here. ` +
        'Every object of the whole cluster, NetworkPolicy, quota or limit, address of something else, object of Flux or Argo CD of shop ' +
        `is left out: ${unread}. ` +
        `Every Ingress or route of shop is left out: ${unread}. Set its hosts in bases/shop/preview. ` +
        `Every Service of shop is without ports of all machines, external addresses and names of other hosts: ${unread}. One that says ` +
        'the number of a node port is refused by the cluster, and all of shop with it: take that away in bases/shop/preview. ' +
        `Every workload of shop is without network, processes and memory of the machine, and its priority: ${unread}. Pods with host ` +
        'ports, host paths and privileged containers, and shares by their address are refused by the cluster: take that away in ' +
        'bases/shop/preview.',
    );
  });

  test.each<[what: string, change: Files, said: string, unsaid: string]>([
    [
      'where a folder says what previews have of it',
      { 'bases/shop/preview/kustomization.yaml': 'kind: Component\n' },
      'It has those that bases/shop/preview says',
      'Set its hosts',
    ],
    [
      'where the cluster confines previews',
      CONFINED,
      'Every Endpoints, VerticalPodAutoscaler, SealedSecret',
      'until "ostack previews setup"',
    ],
    [
      'where nothing refuses a pod',
      { 'ostack.yaml': 'previews: { host: staging, pod-security: privileged }\n' },
      'Nothing keeps the cluster from',
      'are refused by the cluster: take',
    ],
  ])('%s', async (_what, change, said, unsaid) => {
    const before = { ...OPS, ...change };
    const message = (await told(before, { ...before, ...REMOTE }))[0]?.message ?? '';
    expect(message).toContain(said);
    expect(message).not.toContain(unsaid);
  });

  test('of a release whose chart nothing here renders, unless the cluster keeps it out', async () => {
    const change = { [SHOP]: 'resources: [web.yaml, release.yaml]\n', 'bases/shop/release.yaml': release('web') };
    expect(await told(OPS, { ...OPS, ...change })).toEqual([
      {
        ...{ level: 'warning', file: 'bases/shop/release.yaml', line: undefined },
        message:
          'bases/shop/release.yaml: HelmRelease web of shop is without what adapts its objects to the preview: nothing here renders its ' +
          'chart, whose hosts, ports of machines and objects of the whole cluster come as it makes them. Set them by its values in ' +
          'bases/shop/preview; once "ostack previews setup" confines previews, it is left out.',
      },
    ]);
    const confined = { ...OPS, ...CONFINED };
    expect(await told(confined, { ...confined, ...change })).toEqual([]);
  });
});

describe('it is not told', () => {
  const has: Files = { ...OPS, ...REMOTE };
  test.each<[what: string, before: Files, after: Files]>([
    ['where there are no previews', PLAIN, { ...PLAIN, ...REMOTE }],
    [
      'again with a change of something else',
      has,
      { ...has, 'bases/shop/web.yaml': `${OPS['bases/shop/web.yaml']}data: {}\n` },
    ],
    ['again with a newer version of it', has, { ...has, [SHOP]: (has[SHOP] ?? '').replace('ref=v1', 'ref=v2') }],
    ['again with a change of the policy', has, { ...has, 'ostack.yaml': `${has['ostack.yaml']}# \n` }],
    ['of one that goes', has, OPS],
    [
      'of what is in an overlay alone, of which no preview is made',
      OPS,
      { ...OPS, [OVERLAY]: `resources: [../../../bases/shop, "${PLATFORM}"]\n` },
    ],
    [
      'of another environment than that of previews',
      OPS,
      { ...OPS, 'overlays/production/cart/kustomization.yaml': `resources: ["${PLATFORM}"]\n` },
    ],
    ['of a base that is no YAML, which is told of the file', OPS, { ...OPS, [SHOP]: 'resources: [\n' }],
    ['where the policy is none, which is told of the file', OPS, { ...OPS, ...REMOTE, 'ostack.yaml': 'previews: 3\n' }],
    [
      'of fields of images, which bring nothing',
      OPS,
      { ...OPS, [SHOP]: 'resources: [web.yaml]\nconfigurations: [https://acme.dev/images.yaml]\n' },
    ],
  ])('%s', async (_what, before, after) => {
    expect(await told(before, after)).toEqual([]);
  });
});

test('it is not told of a branch of its own, of which no preview is made', async () => {
  const place = { repository: undefined, branch: 'env/staging' };
  const comparison = { ...comparisonOf(OPS, { ...OPS, ...REMOTE }), place };
  const { roots } = await affectedRoots(comparison, LAYOUT);
  expect(await unreadInPreviews(comparison, LAYOUT, roots)).toEqual([]);
});
