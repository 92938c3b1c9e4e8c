import { describe, expect, test } from '@jest/globals';
import { locateOverlays } from '../../src/ops/layouts/locate-overlays.js';
import { environmentApps } from '../../src/ops/overlays/environment-apps.js';
import { allEnvironments } from '../../src/ops/overlays/environments.js';
import { readOverlay } from '../../src/ops/overlays/overlay.js';
import { NO_POLICY, readPolicy } from '../../src/ops/policy/policy.js';
import { objectTree } from '../../src/ops/tree/object-tree.js';
import { countingTree } from './counting-tree.js';
import { base, entry, own, release } from './files.js';
import { application, both, kustomization } from './reconciler-objects.js';

type Files = Record<string, string>;

async function appsIn(files: Files, text?: string) {
  const policy = readPolicy(text);
  const tree = objectTree(files);
  const layout = await locateOverlays(tree, policy);
  const environments = await allEnvironments(tree, layout, policy);
  const apps = await Promise.all(
    environments.map(async (name) => [name, await environmentApps(tree, layout, name)] as const),
  );
  return Object.fromEntries(apps);
}

const apps = {
  ...base('apps/base/web', 'web'),
  ...both((environment, { web }) => ({
    [`apps/${environment}/kustomization.yaml`]: `resources:\n- ../base/web\nimages:\n${entry('web', web)}`,
  })),
};
const WEB = { staging: ['web'], production: ['web'] };

/** Objects beside a tree that says all by its shape, and must not change what it says. */
const BESIDE: [string, Files][] = [
  ['a folder that is not there', { 'clusters/production/more.yaml': kustomization('more', './none/production') }],
  ['a path with a variable', { 'clusters/production/more.yaml': kustomization('more', './apps/$NAME') }],
  ['a path out of the repository', { 'clusters/production/more.yaml': kustomization('more', '../../apps/production') }],
  ['no valid YAML', { 'clusters/production/more.yaml': `${kustomization('more', './apps/base')}a: [\n` }],
  ['a template of Helm', { 'argocd/templates/web.yaml': application('{{ .Values.name }}', '{{ .Values.path }}') }],
  [
    'an artifact, whose paths are its own',
    {
      'clusters/production/apps.yaml': kustomization('apps', './production')
        .replace('GitRepository', 'ExternalArtifact')
        .replace('flux-system\n', 'apps\n'),
      'production/kustomization.yaml': '',
    },
  ],
  [
    'a source that has another address',
    {
      'clusters/production/sources.yaml': `apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: { name: other }\nspec: { url: "https://github.com/acme/other" }\n`,
      'clusters/production/apps.yaml': kustomization('apps', './apps/production'),
      'clusters/production/other.yaml': kustomization('other', './apps/base/web', 'other'),
    },
  ],
  [
    'a source that no file has, beside that of the cluster',
    {
      'clusters/production/apps.yaml': kustomization('apps', './apps/production'),
      'clusters/production/other.yaml': kustomization('other', './x/y/prod-eu/z', 'other'),
      'x/y/prod-eu/z/kustomization.yaml': `resources: [a.yaml]\nimages:\n${entry('api', '7.0.0')}`,
    },
  ],
  [
    'the base, which staging deploys as it is too',
    { ...both((environment) => ({ [`clusters/${environment}/base.yaml`]: kustomization('base', './apps/base/web') })) },
  ],
];

test.each(BESIDE)('%s says nothing', async (_, files) => {
  expect(await appsIn({ ...apps, ...files })).toEqual(WEB);
});

describe('what would change another environment too', () => {
  test.each([
    ['of several environments', ['web-staging', 'web-production']],
    ['of which one has no environment', ['web-production', 'web']],
  ])('is no place of one: a file with objects %s', async (_, names) => {
    const objects = names.map((name) =>
      application(name, 'deploy', {
        url: 'https://github.com/acme/web',
        more: `    kustomize:\n      images:\n      - ghcr.io/acme/web:1.0.0\n`,
      }),
    );
    const files = { ...apps, 'argocd/web.yaml': objects.join('---\n') };
    const tree = objectTree(files);
    const overlay = await readOverlay(tree, await locateOverlays(tree, NO_POLICY), 'production', 'web');
    expect(overlay?.files.map(({ path }) => path)).toEqual(['apps/production/kustomization.yaml']);
  });

  test('is no place of one: a folder that the overlay of another environment builds on', async () => {
    const files = {
      'services/web/kustomization.yaml': `resources: [a.yaml]\nimages:\n${entry('web', '1.0.0')}`,
      'services/api/kustomization.yaml': `resources: [a.yaml]\nimages:\n${entry('api', '1.0.0')}`,
      'deploy/stg/kustomization.yaml': `resources: [../../services/web]\n`,
      'clusters/production/web.yaml': kustomization('web', './services/web'),
      'clusters/production/api.yaml': kustomization('api', './services/api'),
      'clusters/staging/apps.yaml': kustomization('apps', './deploy/stg'),
    };
    expect(await appsIn(files)).toMatchObject({ production: ['api'] });
  });
});

test('what the policy says comes first, and no object is looked for then', async () => {
  const files = {
    ...apps,
    'clusters/production/apps.yaml': kustomization('apps', './deploy/prod-eu'),
    'deploy/prod-eu/kustomization.yaml': `resources: [../../apps/base/web]\nimages:\n${entry('web', '7.0.0')}`,
  };
  const policy = readPolicy('overlays: ["apps/{environment}"]\n');
  const { tree, requests } = countingTree(files);
  expect((await locateOverlays(tree, policy)).templates).toEqual(['apps/{environment}']);
  expect(requests()).toBe(0);
  expect(await appsIn(files, 'overlays: ["apps/{environment}"]\n')).toEqual(WEB);
});

test('an app with folders of its own beside a file of values has both, and is listed once', async () => {
  const files = {
    ...apps,
    ...both((environment, { web }) => ({
      [`clusters/${environment}/apps.yaml`]: kustomization('apps', `./apps/${environment}`),
      [`clusters/${environment}/web.yaml`]: release('web', web),
    })),
  };
  expect(await appsIn(files)).toEqual(WEB);
  const tree = objectTree(files);
  const overlay = await readOverlay(tree, await locateOverlays(tree, NO_POLICY), 'production', 'web');
  expect(overlay?.files.map(({ path }) => path)).toEqual([
    'apps/production/kustomization.yaml',
    'clusters/production/web.yaml',
  ]);
});

test('a cluster says of which environment a folder is that the shape takes for another one', async () => {
  const files = {
    ...apps,
    'clusters/production/apps.yaml': kustomization('apps', './apps/production'),
    'clusters/production/monitoring.yaml': kustomization('monitoring', './monitoring/prod-eu'),
    'monitoring/prod-eu/kustomization.yaml': `resources: [../base]\nimages:\n${entry('api', '7.0.0')}`,
    'monitoring/base/kustomization.yaml': 'resources: []\n',
  };
  expect(await appsIn(files)).toEqual({ staging: ['web'], production: ['monitoring', 'web'] });
});

test('a folder of a cluster whose name is none is no environment', async () => {
  const files = {
    'clusters/a b/apps.yaml': kustomization('apps', './deploy/one'),
    'deploy/one/kustomization.yaml': `images:\n${entry('web', '7.0.0')}`,
  };
  await expect(locateOverlays(objectTree(files), NO_POLICY)).rejects.toThrow('nothing says into which environment');
});

test('very many objects cost no more than a few', async () => {
  const counts = await Promise.all(
    [10, 2000].map(async (size) => {
      const names = Array.from({ length: size }, (_, index) => `app-${index}`);
      const files: Files = Object.assign(
        {},
        ...names.flatMap((name) => [
          own(
            (environment) => `services/${name}/k8s/${environment}`,
            () => '../../base',
            ['web'],
          ),
          ...['staging', 'production'].map((environment) => ({
            [`argocd/${name}-${environment}.yaml`]: application(
              `${name}-${environment}`,
              `services/${name}/k8s/${environment}`,
            ),
          })),
        ]),
      );
      const { tree, requests } = countingTree(files);
      let reads = 0;
      const counted = { ...tree, read: (path: string) => tree.read(path).finally(() => (reads += 1)) };
      const layout = await locateOverlays(counted, NO_POLICY);
      expect(layout.templates).toEqual(['services/{app}/k8s/{environment}']);
      expect(reads).toBeLessThan(400);
      return requests();
    }),
  );
  expect(counts[0]).toBe(counts[1]);
});

describe('more objects than are read', () => {
  const names = Array.from({ length: 60 }, (_, index) => `app-${index}`);
  const images = (name: string) => `    kustomize:\n      images:\n      - ghcr.io/acme/${name}:1.0.0\n`;
  const foreign = (name: string) =>
    application(name, 'deploy', { url: `https://github.com/acme/${name}`, more: images(name) });
  const many = (path: (environment: string, name: string) => string) =>
    Object.assign(
      {},
      ...names.flatMap((name) =>
        ['staging', 'production'].map((environment) => ({ [path(environment, name)]: foreign(name) })),
      ),
    );

  test('are a pattern where their files are called alike', async () => {
    const files = many((environment, name) => `argocd/apps/${environment}/${name}.yaml`);
    expect((await locateOverlays(objectTree(files), NO_POLICY)).templates).toEqual([
      'argocd/apps/{environment}/{app}.yaml',
    ]);
    expect((await appsIn(files)).production).toHaveLength(60);
  });

  test('are a question where they differ, with lines that answer it', async () => {
    const files = Object.assign(
      {},
      ...names.map((name, index) => ({
        [`argocd/${name}.yaml`]: application(`${name}-production`, `services/${name}/v${index}/production`),
        [`services/${name}/v${index}/production/kustomization.yaml`]: `images:\n${entry('web', '1.0.0')}`,
      })),
    );
    const message = await locateOverlays(objectTree(files), NO_POLICY).catch(String);
    expect(message).toContain('argocd has more files with objects of Flux and Argo CD than are read');
    const [answer] = /^overlays:\n(?: {2}.*\n)+/m.exec(String(message)) ?? [];
    expect((await appsIn(files, answer)).production).toContain('app-0');
  });
});

describe('one cluster that hosts several environments', () => {
  const hosted = {
    'clusters/production/staging.yaml': kustomization('apps-staging', './apps/staging'),
    'clusters/production/production.yaml': kustomization('apps-production', './apps/production'),
  };

  test.each([undefined, 'environments: { staging: {}, production: {} }\n'])(
    'is no name of what it hosts, with the policy %j',
    async (policy) => {
      const tree = objectTree({ ...apps, ...hosted });
      const layout = await locateOverlays(tree, readPolicy(policy));
      expect(await appsIn({ ...apps, ...hosted }, policy)).toEqual(WEB);
      for (const environment of ['staging', 'production']) {
        const overlay = await readOverlay(tree, layout, environment, 'web');
        expect(overlay?.files.map(({ path }) => path)).toEqual([`apps/${environment}/kustomization.yaml`]);
      }
    },
  );

  test('is no name of what its objects set either', async () => {
    const images = '  images:\n  - name: ghcr.io/acme/web\n    newTag: 1.0.0\n';
    const setting = {
      'clusters/prod/staging.yaml': kustomization('apps-staging', './apps/staging', 'flux-system', images),
      'clusters/prod/production.yaml': kustomization('apps-production', './apps/production', 'flux-system', images),
    };
    expect(await appsIn({ ...apps, ...setting })).toEqual(WEB);
  });
});
