import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { opsRepository } from '../../src/apps/config.js';
import { loadApps } from '../../src/apps/discover.js';
import { openPreviews } from '../../src/ops/judgement/open-previews.js';
import { boundsOf } from '../../src/ops/judgement/preview-bounds.js';
import { readPolicy } from '../../src/ops/policy/policy.js';
import { previewPolicy } from '../../src/ops/policy/preview-policy.js';
import { readCluster } from '../../src/ops/reconcilers/cluster.js';
import { workTree } from '../../src/ops/tree/work-tree.js';

const fixtures = join(import.meta.dirname, '..', 'fixtures');

/** Node's own report, so that a run can tell which tests were executed. */
const TESTS = 'node --test --test-reporter=junit --test-reporter-destination=junit.xml';

describe('The sample repositories', () => {
  test('apps has a full-stack app with two images and a worker with one', async () => {
    const { config, apps } = await loadApps(join(fixtures, 'apps'), 'acme/apps');
    expect(opsRepository(config, 'acme/apps')).toBe('acme/ops');
    expect(apps).toEqual([
      {
        name: 'mailer',
        path: 'apps/mailer',
        shared: [],
        test: TESTS,
        images: [{ name: 'mailer', context: 'apps/mailer', file: 'apps/mailer/Dockerfile' }],
      },
      {
        name: 'shop',
        path: 'apps/shop',
        shared: ['packages/ui'],
        test: TESTS,
        images: [
          { name: 'shop-api', context: 'apps/shop/api', file: 'apps/shop/api/Dockerfile' },
          { name: 'shop-web', context: '.', file: 'apps/shop/web/Dockerfile' },
        ],
        outside: ['package.json', 'packages/ui'],
      },
    ]);
  });

  test.each(['staging', 'production'])('ops sets the version of every image of apps in %s', async (environment) => {
    const { config, apps } = await loadApps(join(fixtures, 'apps'), 'acme/apps');
    for (const app of apps) {
      const file = join(fixtures, 'ops', 'overlays', environment, app.name, 'kustomization.yaml');
      const names = parse(await readFile(file, 'utf8')).images.map((image: { newName: string }) => image.newName);
      expect(names.sort()).toEqual(app.images.map((image) => `${config.registry}/${image.name}`));
    }
  });

  test('ops applies in each cluster what has an overlay for it', async () => {
    for (const environment of await readdir(join(fixtures, 'ops', 'overlays'))) {
      for (const app of await readdir(join(fixtures, 'ops', 'overlays', environment))) {
        const applied = parse(await readFile(join(fixtures, 'ops', 'clusters', environment, `${app}.yaml`), 'utf8'));
        expect(applied.spec.path).toBe(`./overlays/${environment}/${app}`);
      }
    }
  });

  test('ops confines previews by what previews setup prints for it', async () => {
    const tree = workTree(join(fixtures, 'ops'));
    const policy = readPolicy(await tree.read('ostack.yaml'));
    expect(await openPreviews(tree, policy, { owner: 'acme', name: 'ops' })).toBeUndefined();
    const [bounds, cluster] = [
      boundsOf(previewPolicy(policy), { own: undefined, guests: [] }),
      await readCluster(tree, 'staging', undefined),
    ];
    const target = { ...cluster, branch: 'ostack/previews', repositoryUrl: undefined };
    expect(await tree.read('clusters/staging/previews/ostack-previews.yaml')).toBe(
      cluster.reconciler?.previews.confinedObject('previews/clusters/staging', target, bounds),
    );
  });

  test('apps uses the starter workflow as it is', async () => {
    const starter = join(import.meta.dirname, '..', '..', 'workflows', 'apps', 'release.yml');
    const used = join(fixtures, 'apps', '.github', 'workflows', 'release.yml');
    expect(await readFile(used, 'utf8')).toBe(await readFile(starter, 'utf8'));
  });
});
