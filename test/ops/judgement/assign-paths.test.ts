// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of Flux are spelled like that.

import { describe, expect, test } from '@jest/globals';
import { type Files, ownersOf, POLICY } from './support.js';

const kustomization = (...resources: string[]) => `resources: [${resources.join(', ')}]\n`;
const deployment = (tag: string) =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec: { template: { spec: { containers: [{ name: web, image: "ghcr.io/acme/web:${tag}" }] } } }\n`;

/** The oStack layout: a base of both environments, one that staging alone has, and files of nobody. */
const PLAIN: Files = {
  'ostack.yaml': POLICY,
  'bases/web/kustomization.yaml': kustomization('deployment.yaml'),
  'bases/web/deployment.yaml': deployment('1.4.0'),
  'bases/debug/kustomization.yaml': kustomization('deployment.yaml'),
  'bases/debug/deployment.yaml': deployment('0.1.0'),
  'overlays/staging/web/kustomization.yaml': kustomization('../../../bases/web', '../../../bases/debug'),
  'overlays/production/web/kustomization.yaml': kustomization('../../../bases/web'),
  'overlays/production/web/README.md': 'Ours.\n',
  'scripts/render.sh': 'true\n',
  'README.md': 'Ops.\n',
};

const cases = (before: Files, table: [name: string, edits: Record<string, string | undefined>, owners: string][]) =>
  test.each(table)('%s', async (_, edits, expected) => {
    const owners = await ownersOf(before, edits);
    expect(owners[Object.keys(edits)[0] ?? '']).toBe(expected);
  });

const BOTH = 'staging production';

describe('In folders of environments, a changed path is of', () => {
  cases(PLAIN, [
    ['the environment of its overlay', { 'overlays/staging/web/patch.yaml': 'a: 1\n' }, 'staging'],
    ['all whose overlays take its base in', { 'bases/web/deployment.yaml': deployment('1.5.0') }, BOTH],
    ['the one whose overlay takes its base in', { 'bases/debug/deployment.yaml': deployment('0.2.0') }, 'staging'],
    [
      'the one that took its base in before, too',
      {
        'bases/debug/deployment.yaml': deployment('0.2.0'),
        'overlays/staging/web/kustomization.yaml': kustomization('../../../bases/web'),
      },
      'staging',
    ],
    [
      'the one that takes its base in from now on',
      {
        'bases/debug/deployment.yaml': deployment('0.2.0'),
        'overlays/production/web/kustomization.yaml': kustomization('../../../bases/web', '../../../bases/debug'),
      },
      BOTH,
    ],
    ['every environment, where nothing tells', { 'scripts/render.sh': 'false\n' }, BOTH],
    ['every environment, in a base of nobody', { 'bases/new/kustomization.yaml': 'resources: []\n' }, BOTH],
    ['none, for a document', { 'README.md': 'New.\n' }, 'none'],
    ['none, for a document in docs', { 'docs/a/b.yaml': 'a: 1\n' }, 'none'],
    ['none, for a document beside manifests', { 'overlays/production/web/README.md': 'New.\n' }, 'none'],
    ['every environment, for the policy', { 'ostack.yaml': `${POLICY}free: [scripts/**]\n` }, BOTH],
    ['every environment, for a workflow', { '.github/workflows/a.yml': 'on: push\n' }, BOTH],
    ['every environment, for who owns code', { '.github/CODEOWNERS': '* @eve\n' }, BOTH],
    ['every environment, for who owns code in docs', { 'docs/CODEOWNERS': '* @eve\n' }, BOTH],
    ['every environment, for documents in .github', { '.github/README.md': 'x\n' }, BOTH],
    ['every environment, for the records of the project', { '.ostack/previews/a.yaml': 'a: 1\n' }, BOTH],
    ['none, for a hold that is added', { '.ostack/holds.yaml': hold('staging') }, 'none'],
    ['every environment, for holds that cannot be read', { '.ostack/holds.yaml': '[' }, BOTH],
  ]);
});

describe('Holds are of', () => {
  const held: Files = { ...PLAIN, '.ostack/holds.yaml': hold('staging') + hold('production') };
  cases(held, [
    ['the environment that loses one', { '.ostack/holds.yaml': hold('production') }, 'staging'],
    ['the environments that lose all', { '.ostack/holds.yaml': '[]\n' }, BOTH],
    ['the environments that lose the file', { '.ostack/holds.yaml': undefined }, BOTH],
    [
      'none, where only a comment changes',
      { '.ostack/holds.yaml': `# ours\n${hold('staging')}${hold('production')}` },
      'none',
    ],
  ]);
});

function hold(environment: string): string {
  return `- { environment: ${environment}, app: web, version: 1.4.0, since: 2026-11-01T10:00:00Z, by: ada }\n`;
}

describe('A document that a cluster takes in is no document', () => {
  const before: Files = {
    ...PLAIN,
    'overlays/production/web/kustomization.yaml':
      'resources: [../../../bases/web]\nconfigMapGenerator: [{ name: motd, files: [motd=../../../docs/motd.md] }]\n',
    'docs/motd.md': 'Hello.\n',
  };
  cases(before, [['where a generator names it', { 'docs/motd.md': 'Bye.\n' }, 'production']]);
});

describe('The policy', () => {
  const before = (more: string): Files => ({ ...PLAIN, 'ostack.yaml': `${POLICY}${more}` });
  const changed = async (more: string, path: string) => (await ownersOf(before(more), { [path]: 'new\n' }))[path];

  test('frees what it names', async () => {
    expect(await changed('free: [scripts/**]\n', 'scripts/render.sh')).toBe('none');
  });
  test('frees nothing that a cluster takes in', async () => {
    expect(await changed('free: [bases/**]\n', 'bases/debug/deployment.yaml')).toBe('staging');
  });
  test('frees no rules', async () => {
    expect(await changed('free: [.github/**]\n', '.github/workflows/a.yml')).toBe(BOTH);
  });
  test('assigns what it names', async () => {
    expect(await changed('paths: { scripts/**: staging }\n', 'scripts/render.sh')).toBe('staging');
  });
  test('takes nothing from an environment', async () => {
    expect(await changed('paths: { bases/web/**: staging }\n', 'bases/web/deployment.yaml')).toBe(BOTH);
  });
  test('of the change itself frees nothing', async () => {
    const edits = { 'scripts/render.sh': 'new\n', 'ostack.yaml': `${POLICY}free: [scripts/**]\n` };
    expect((await ownersOf(PLAIN, edits))['scripts/render.sh']).toBe(BOTH);
  });
});

const flux = (name: string, spec: string) =>
  `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: { name: ${name}, namespace: flux-system }\nspec:\n  sourceRef: { kind: GitRepository, name: flux-system }\n${spec
    .split('\n')
    .map((line) => `  ${line}\n`)
    .join('')}`;
const object = (group: string, kind: string, name: string, spec: string) =>
  `apiVersion: ${group}/v1\nkind: ${kind}\nmetadata: { name: ${name} }\nspec: ${spec}\n`;
const source = (kind: string, name: string, spec: string) => object('source.toolkit.fluxcd.io', kind, name, spec);
const helmRelease = (name: string, spec: string) => object('helm.toolkit.fluxcd.io', 'HelmRelease', name, spec);
const configMap = (name: string, data: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\ndata: ${data}\n`;

/** Clusters that share profiles, charts, sources and settings, and have some of their own. */
const FLUX: Files = {
  'ostack.yaml': `${POLICY}overlay: apps/{environment}/{app}\n`,
  'apps/staging/web/kustomization.yaml': kustomization('../../base/web'),
  'apps/production/web/kustomization.yaml': kustomization('../../base/web'),
  'apps/base/web/kustomization.yaml': kustomization('deployment.yaml'),
  'apps/base/web/deployment.yaml': deployment('1.4.0'),
  'clusters/staging/apps.yaml': flux('apps', 'path: ./apps/staging\ndependsOn: [{ name: infra }]'),
  'clusters/staging/infra.yaml': flux('infra', 'path: ./infra/${TIER}\npostBuild: { substitute: { TIER: small } }'),
  'clusters/production/apps.yaml': flux(
    'apps',
    'path: ./apps/production\ncomponents: [../../features/audit]\npostBuild: { substituteFrom: [{ kind: ConfigMap, name: settings }] }\ndecryption: { provider: sops, secretRef: { name: age-key } }',
  ),
  'clusters/production/infra.yaml': flux('infra', 'path: ./infra/${TIER}\npostBuild: { substitute: { TIER: large } }'),
  'clusters/production/profile.yaml': flux('profile', 'path: ./profiles/standard'),
  'profiles/standard/podinfo.yaml': helmRelease(
    'podinfo',
    '{ chart: { spec: { chart: podinfo, sourceRef: { kind: HelmRepository, name: podinfo } } }, valuesFrom: [{ kind: ConfigMap, name: podinfo-values }] }',
  ),
  'profiles/standard/local.yaml': helmRelease(
    'local',
    '{ chart: { spec: { chart: ./charts/local, valuesFiles: [values/local.yaml], sourceRef: { kind: GitRepository, name: flux-system } } } }',
  ),
  'profiles/standard/oci.yaml': helmRelease('oci', '{ chartRef: { kind: OCIRepository, name: redis } }'),
  'profiles/standard/made.yaml': helmRelease('made', '{ chartRef: { kind: HelmChart, name: made } }'),
  'sources/podinfo.yaml': source('HelmRepository', 'podinfo', '{ url: https://stefanprodan.github.io/podinfo }'),
  'sources/redis.yaml': source('OCIRepository', 'redis', '{ url: oci://ghcr.io/acme/redis, ref: { tag: 1.0.0 } }'),
  'sources/made.yaml': source(
    'HelmChart',
    'made',
    '{ chart: ./charts/made, sourceRef: { kind: GitRepository, name: flux-system } }',
  ),
  'sources/ours.yaml': source(
    'GitRepository',
    'flux-system',
    '{ url: https://github.com/acme/ops, ref: { branch: main } }',
  ),
  'values/podinfo.yaml': configMap('podinfo-values', '{ values.yaml: "a: 1" }'),
  'values/local.yaml': 'a: 1\n',
  'values/settings.yaml': configMap('settings', '{ A: b }'),
  'values/key.yaml': 'apiVersion: v1\nkind: Secret\nmetadata: { name: age-key }\n',
  'charts/local/Chart.yaml':
    'name: local\nversion: 1.0.0\ndependencies: [{ name: common, repository: "file://../common" }]\n',
  'charts/local/templates/a.yaml': '{{ if .Values.a }}a: [{{ end }}\n',
  'charts/local/NOTES.md': 'Read by the chart.\n',
  'charts/common/Chart.yaml': 'name: common\nversion: 1.0.0\n',
  'charts/made/Chart.yaml': 'name: made\nversion: 1.0.0\n',
  'features/audit/kustomization.yaml':
    'kind: Component\napiVersion: kustomize.config.k8s.io/v1alpha1\nresources: [a.yaml]\n',
  'features/audit/a.yaml': 'kind: Role\n',
  'infra/small/a.yaml': 'kind: Namespace\n',
  'infra/large/a.yaml': 'kind: Namespace\n',
};

describe('With Flux, a changed path is of', () => {
  const edited = (path: string): Record<string, string> => ({ [path]: `${FLUX[path]}# changed\n` });
  cases(FLUX, [
    ['the cluster that its object lies in', edited('clusters/production/apps.yaml'), 'production'],
    [
      'the cluster whose object gets another path',
      { 'clusters/production/apps.yaml': flux('apps', 'path: ./apps/staging') },
      'production',
    ],
    ['the clusters that deploy its folder', edited('apps/base/web/deployment.yaml'), BOTH],
    [
      'the cluster that deploys its folder from now on',
      {
        'apps/staging/web/kustomization.yaml': kustomization(),
        'clusters/production/apps.yaml': flux('apps', 'path: ./apps/staging'),
      },
      BOTH,
    ],
    ['the cluster whose profile it is', edited('profiles/standard/podinfo.yaml'), 'production'],
    ['the cluster whose component it is', edited('features/audit/a.yaml'), 'production'],
    ['the cluster whose variable leads to it', edited('infra/large/a.yaml'), 'production'],
    ['the other cluster whose variable leads to it', edited('infra/small/a.yaml'), 'staging'],
    ['the cluster that takes variables from it', edited('values/settings.yaml'), 'production'],
    ['the cluster that decrypts with it', edited('values/key.yaml'), 'production'],
    ['the cluster whose charts come from it', edited('sources/podinfo.yaml'), 'production'],
    ['the cluster whose artifacts come from it', edited('sources/redis.yaml'), 'production'],
    ['the cluster whose chart it defines', edited('sources/made.yaml'), 'production'],
    ['the clusters whose folders come from it', edited('sources/ours.yaml'), BOTH],
    ['the cluster whose release takes values from it', edited('values/podinfo.yaml'), 'production'],
    ['the cluster whose chart takes values from it', edited('values/local.yaml'), 'production'],
    ['the cluster whose chart it is', edited('charts/local/templates/a.yaml'), 'production'],
    ['the cluster whose chart may read it', edited('charts/local/NOTES.md'), 'production'],
    ['the cluster whose chart depends on it', edited('charts/common/Chart.yaml'), 'production'],
    ['the cluster whose chart is made from it', edited('charts/made/Chart.yaml'), 'production'],
    [
      'the cluster that comes to name it',
      {
        'values/unused.yaml': configMap('more', '{ A: c }'),
        'clusters/production/more.yaml': flux(
          'more',
          'path: ./apps/production\npostBuild: { substituteFrom: [{ kind: ConfigMap, name: more }] }',
        ),
      },
      'production',
    ],
    [
      'nobody’s but that of the object it names, where others lie about',
      {
        'values/other.yaml': configMap('own', '{ A: c }'),
        'clusters/staging/own.yaml': configMap('own', '{ A: d }'),
        'clusters/staging/more.yaml': flux(
          'more',
          'path: ./apps/staging\npostBuild: { substituteFrom: [{ kind: ConfigMap, name: own }] }',
        ),
      },
      BOTH,
    ],
    ['its own cluster, where another one has an object of that name', edited('clusters/staging/infra.yaml'), 'staging'],
    [
      'both, where it takes over the other’s cluster',
      { 'clusters/staging/x.yaml': flux('x', 'path: ./apps/staging\nkubeConfig: { secretRef: { name: production } }') },
      BOTH,
    ],
    [
      'its own cluster, into whatever namespace',
      { 'clusters/staging/x.yaml': flux('x', 'path: ./apps/staging\ntargetNamespace: web') },
      'staging',
    ],
  ]);
});

const application = (name: string, spec: string) =>
  `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: ${name} }\nspec: ${spec}\n`;
const from = (path: string, more = '') =>
  `{ repoURL: https://github.com/acme/ops, targetRevision: HEAD, path: ${path}${more} }`;
const to = (name: string, namespace = 'web') => `{ name: ${name}, namespace: ${namespace} }`;

/** One Argo CD for two clusters. */
const ARGO: Files = {
  'ostack.yaml': `${POLICY}overlay: overlays/{environment}/{app}\n`,
  'overlays/staging/web/kustomization.yaml': kustomization('../../../bases/web'),
  'overlays/production/web/kustomization.yaml': kustomization('../../../bases/web'),
  'bases/web/kustomization.yaml': kustomization('deployment.yaml'),
  'bases/web/deployment.yaml': deployment('1.4.0'),
  'argocd/web-s.yaml': application(
    'web-s',
    `{ project: loose, source: ${from('overlays/staging/web')}, destination: ${to('small')} }`,
  ),
  'argocd/web-p.yaml': application(
    'web-p',
    `{ project: tight, source: ${from('overlays/production/web')}, destination: ${to('large')} }`,
  ),
  'argocd/production/chart.yaml': application(
    'chart',
    `{ project: tight, sources: [${from('charts/web', ', helm: { valueFiles: [values.yaml, ../../values/web.yaml, /values/root.yaml, $ops/values/ref.yaml] }')}, { repoURL: x, ref: ops }], destination: ${to('large')} }`,
  ),
  'argocd/production/set.yaml':
    'apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: { name: set }\nspec:\n  generators:\n  - git: { repoURL: x, files: [{ path: "config/*/app.json" }] }\n  template:\n    metadata: { name: "{{name}}" }\n    spec: { project: tight, source: { repoURL: x, path: "tenants/{{name}}" }, destination: { name: large, namespace: "{{name}}" } }\n',
  'projects/tight.yaml': 'apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata: { name: tight }\nspec: {}\n',
  'charts/web/Chart.yaml': 'name: web\nversion: 1.0.0\n',
  'values/web.yaml': 'a: 1\n',
  'values/root.yaml': 'a: 1\n',
  'values/ref.yaml': 'a: 1\n',
  'config/one/app.json': '{}\n',
  'tenants/one/a.yaml': 'kind: Namespace\n',
};

describe('Where Argo CD has a cluster by its address and another by its name, a changed path is of', () => {
  const staging = (destination: string) => ({
    'argocd/web-s.yaml': application(
      'web-s',
      `{ source: ${from('overlays/staging/web')}, destination: ${destination} }`,
    ),
  });
  // Each has the namespace, which tells nothing then.
  const other = (ARGO['argocd/web-s.yaml'] ?? '').replace('name: web-s', 'name: other-s');
  const before = {
    ...{ ...ARGO, 'argocd/other-s.yaml': other },
    ...staging('{ server: https://small.example, namespace: web-s }'),
  };
  cases(before, [
    [
      'both, in a namespace that the other has: the two may be one cluster',
      staging('{ server: https://small.example, namespace: web }'),
      BOTH,
    ],
    [
      'the one whose cluster it is, in a namespace that nobody has',
      staging('{ server: https://small.example/, namespace: new }'),
      'staging',
    ],
  ]);
});

describe('With Argo CD, a changed path is of', () => {
  const edited = (path: string): Record<string, string> => ({ [path]: `${ARGO[path]}# changed\n` });
  cases(ARGO, [
    ['the environment whose folder its Application deploys', edited('argocd/web-s.yaml'), 'staging'],
    ['the other one', edited('argocd/web-p.yaml'), 'production'],
    [
      'both, where an Application goes from one folder to the other',
      {
        'argocd/web-s.yaml': application(
          'web-s',
          `{ source: ${from('overlays/production/web')}, destination: ${to('small')} }`,
        ),
      },
      BOTH,
    ],
    [
      'both, where an Application goes to the other’s cluster',
      {
        'argocd/web-s.yaml': application(
          'web-s',
          `{ source: ${from('overlays/staging/web')}, destination: ${to('large')} }`,
        ),
      },
      BOTH,
    ],
    [
      'the one whose cluster a new Application goes to',
      {
        'argocd/new.yaml': application(
          'new',
          `{ source: ${from('overlays/staging/web')}, destination: ${to('small', 'new')} }`,
        ),
      },
      'staging',
    ],
    [
      'every environment, where a new Application goes to an unknown cluster',
      {
        'argocd/new.yaml': application(
          'new',
          `{ source: ${from('overlays/staging/web')}, destination: ${to('other')} }`,
        ),
      },
      BOTH,
    ],
    [
      'every environment, where an Application deploys another repository',
      {
        'argocd/new.yaml': application(
          'new',
          `{ source: { repoURL: x, chart: redis, targetRevision: 1.0.0 }, destination: ${to('small')} }`,
        ),
      },
      BOTH,
    ],
    [
      'every environment, where an Application comes to deploy another repository',
      {
        'argocd/web-s.yaml': application(
          'web-s',
          `{ source: { repoURL: x, chart: redis, targetRevision: 1.0.0 }, destination: ${to('small')} }`,
        ),
      },
      BOTH,
    ],
    ['the environment whose project it is', edited('projects/tight.yaml'), 'production'],
    ['the environment whose chart it is', edited('charts/web/Chart.yaml'), 'production'],
    ['the environment with values beside its chart', edited('values/web.yaml'), 'production'],
    ['the environment with values from the root', edited('values/root.yaml'), 'production'],
    ['the environment with values of another source', edited('values/ref.yaml'), 'production'],
    ['the environment whose generator reads it', edited('config/one/app.json'), 'production'],
    ['the environment whose generator makes a folder of it', edited('tenants/one/a.yaml'), 'production'],
  ]);
});
