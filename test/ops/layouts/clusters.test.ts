import { describe, expect, test } from '@jest/globals';
import { deployedIn } from '../../../src/ops/carriers/deployed.js';
import { locateOverlays } from '../../../src/ops/layouts/locate-overlays.js';
import { withAllApps, withNamedApps } from '../../../src/ops/layouts/named-apps.js';
import { environmentApps } from '../../../src/ops/overlays/environment-apps.js';
import { readOverlay } from '../../../src/ops/overlays/overlay.js';
import { overlayOfPath } from '../../../src/ops/overlays/overlay-path.js';
import { NO_POLICY, readPolicy } from '../../../src/ops/policy/policy.js';
import { objectTree } from '../../../src/ops/tree/object-tree.js';
import { planOnboard } from '../../../src/ops/verbs/onboard/plan.js';
import { base, entry, release } from '../../shapes/files.js';

const POLICY = readPolicy('environments: { staging: {}, production: { after: staging } }\n');

const own = (folder: string, version: string) => ({
  [`${folder}/web/kustomization.yaml`]: `resources: [${'../'.repeat(folder.split('/').length + 1)}bases/web]\nimages:\n${entry('web', version)}`,
});

type Files = Readonly<Record<string, string>>;

async function placesOf(files: Files, environment: string, policy = POLICY) {
  const tree = objectTree(files);
  const layout = await withAllApps(tree, await locateOverlays(tree, policy), policy);
  const overlay = await readOverlay(tree, layout, environment, 'web');
  return {
    apps: await environmentApps(tree, layout, environment),
    version: deployedIn(overlay?.files ?? [], 'web').version,
    places: overlay?.folder.split(' and '),
  };
}

describe('folders of clusters that are called after an environment of the policy', () => {
  const CASES: Record<string, [files: Files, places: string[]]> = {
    'clusters/<env>-<region>/<app>': [
      {
        ...own('clusters/staging', '1.1.0'),
        ...own('clusters/production-eu-1', '1.0.0'),
        ...own('clusters/production-us', '1.0.0'),
      },
      ['clusters/production-eu-1/web', 'clusters/production-us/web'],
    ],
    'clusters/<region>-<env>/<app>.yaml': [
      {
        'clusters/eu-staging/web.yaml': release('web', '1.1.0'),
        'clusters/eu-production/web.yaml': release('web', '1.0.0'),
        'clusters/us-production/web.yaml': release('web', '1.0.0'),
      },
      ['clusters/eu-production/web.yaml', 'clusters/us-production/web.yaml'],
    ],
    '<env>-<region>/<app>': [
      { ...own('staging', '1.1.0'), ...own('production-eu', '1.0.0'), ...own('production-us', '1.0.0') },
      ['production-eu/web', 'production-us/web'],
    ],
    'overlays/<env>-<region>/<app>': [
      { ...own('overlays/staging-eu', '1.1.0'), ...own('overlays/production-eu', '1.0.0') },
      ['overlays/production-eu/web'],
    ],
  };

  test.each(Object.entries(CASES))('%s are all of its places', async (_, [files, places]) => {
    expect(await placesOf(files, 'production')).toEqual({ apps: ['web'], version: '1.0.0', places });
    expect(await placesOf(files, 'staging')).toMatchObject({ apps: ['web'], version: '1.1.0' });
    const layout = await locateOverlays(objectTree(files), POLICY);
    const of = places.map((place) => overlayOfPath(layout, place));
    expect(of).toEqual(places.map(() => expect.objectContaining({ environment: 'production', app: 'web' })));
  });

  test.each([
    ['there is a folder of its name', 'production-eu', { ...own('production', '1.0.0') }],
    ['what else is in the name is no region', 'production-backup', {}],
  ])('are none of it where %s', async (_, folder, more) => {
    const files = { ...own('overlays/staging', '1.1.0'), ...own(`overlays/${folder}`, '0.1.0') };
    const others = Object.fromEntries(Object.entries(more).map(([path, text]) => [`overlays/${path}`, text]));
    expect((await placesOf({ ...files, ...others }, 'production')).version).not.toBe('0.1.0');
  });
});

test('an environment with a folder of its name has no other, whatever clusters another one has', async () => {
  const files = {
    ...own('deploy/staging-eu', '1.1.0'),
    ...own('deploy/production', '1.0.0'),
    ...own('deploy/production-eu', '0.1.0'),
  };
  expect(await placesOf(files, 'staging')).toMatchObject({ places: ['deploy/staging-eu/web'] });
  expect(await placesOf(files, 'production')).toMatchObject({ version: '1.0.0', places: ['deploy/production/web'] });
});

describe('clusters in the oStack layout', () => {
  const FILES = {
    ...base('bases/web', 'web'),
    ...own('overlays/staging', '1.1.0'),
    ...own('overlays/production/eu-1', '1.0.0'),
    ...own('overlays/production/us-1', '1.0.0'),
  };

  test.each([
    ['without a policy', NO_POLICY],
    ['with one', POLICY],
  ])('are found where an app is missing in an environment, %s', async (_, policy) => {
    const tree = objectTree(FILES);
    const located = await locateOverlays(tree, policy);
    const layout = await withNamedApps(tree, located, policy, ['staging', 'production'], ['web']);
    expect((await readOverlay(tree, layout, 'production', 'web'))?.folder).toBe(
      'overlays/production/eu-1/web and overlays/production/us-1/web',
    );
    expect(await withNamedApps(tree, located, policy, ['staging'], ['web'])).toBe(located);
  });

  test('are no apps', async () => {
    expect(await placesOf(FILES, 'production')).toMatchObject({ apps: ['web'], version: '1.0.0' });
    expect(await placesOf(FILES, 'staging')).toMatchObject({ apps: ['web'], places: ['overlays/staging/web'] });
  });

  test('that are called after an environment of the policy are found in it', async () => {
    const files = {
      ...base('bases/web', 'web'),
      ...own('overlays/staging', '1.1.0'),
      ...own('overlays/production-eu', '1.0.0'),
      ...own('overlays/production-us', '1.0.0'),
    };
    expect(await placesOf(files, 'production')).toMatchObject({
      places: ['overlays/production-eu/web', 'overlays/production-us/web'],
    });
    expect(await placesOf(files, 'staging')).toMatchObject({ version: '1.1.0', places: ['overlays/staging/web'] });
  });

  test('that may be apps by their names stay apps, for nothing is in them', async () => {
    const files = {
      ...base('bases/eu', 'web'),
      ...own('overlays/staging', '1.1.0'),
      'overlays/production/eu/kustomization.yaml': '',
    };
    const tree = objectTree(files);
    const layout = await locateOverlays(tree, NO_POLICY);
    expect((await withAllApps(tree, layout, NO_POLICY)).templates).toEqual(['overlays/{environment}/{app}']);
  });
});

test('apps whose environments have clusters or none are asked for their names, and then found', async () => {
  const files = { ...base('base/web', 'web'), ...own('x', '1.0.0') };
  const at = (folder: string, version: string) => ({
    [`apps/web/overlays/${folder}/kustomization.yaml`]: `resources: [../../base]\nimages:\n${entry('web', version)}`,
  });
  const all = {
    ...files,
    ...at('staging', '1.1.0'),
    ...at('production/eu-1', '1.0.0'),
    ...at('production/us-1', '1.0.0'),
  };
  const error: unknown = await locateOverlays(objectTree(all), NO_POLICY).catch((reason: unknown) => reason);
  const [, lines = ''] = /:\n\n(environments:[\s\S]*)$/.exec(error instanceof Error ? error.message : '') ?? [];
  expect(lines).toBe('environments:\n  staging: {}\n  production: {}\n');
  expect(await placesOf(all, 'production', readPolicy(lines))).toEqual({
    ...{ apps: ['web'], version: '1.0.0' },
    places: ['apps/web/overlays/production/eu-1', 'apps/web/overlays/production/us-1'],
  });
});

test('an app joins the clusters of an environment one by one, until it is in all of them', async () => {
  const files: Files = {
    ...base('base/web', 'web'),
    ...base('base/api', 'api'),
    ...Object.fromEntries(
      ['production/eu-1', 'production/us-1'].map((folder) => [
        `${folder}/api/kustomization.yaml`,
        `namespace: shop\nresources: [../../../base/api]\nimages:\n${entry('api', '5.0.0')}`,
      ]),
    ),
  };
  const request = {
    app: 'web',
    environment: 'production',
    images: [],
    version: '9.0.0',
    from: undefined,
    manifests: undefined,
  };
  let tree = files;
  for (const group of ['eu-1', 'us-1']) {
    const layout = await locateOverlays(objectTree(tree), NO_POLICY);
    const planned = await planOnboard(objectTree(tree), layout, NO_POLICY, { ...request, group });
    tree = { ...tree, ...Object.fromEntries(planned.state === 'change' ? planned.change.files : []) };
    const again = await planOnboard(objectTree(tree), layout, NO_POLICY, { ...request, group });
    expect(again).toMatchObject({ state: 'nothing', reason: `web is already in production/${group}/web` });
  }
  expect(await placesOf(tree, 'production', NO_POLICY)).toEqual({
    ...{ apps: ['api', 'web'], version: '9.0.0' },
    places: ['production/eu-1/web', 'production/us-1/web'],
  });
});
