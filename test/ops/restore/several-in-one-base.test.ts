import { describe, expect, test } from '@jest/globals';
import type { Target } from '../../../src/ops/carriers/carrier.js';
import { locateOverlays } from '../../../src/ops/layouts/locate-overlays.js';
import { readState, withLayers } from '../../../src/ops/overlays/app-state.js';
import { NO_POLICY } from '../../../src/ops/policy/policy.js';
import { planRollback } from '../../../src/ops/restore/plan-rollback.js';
import { objectTree } from '../../../src/ops/tree/object-tree.js';
import { deployment } from '../../support/deployment.js';
import { applied, lines, promote } from './support.js';

type Files = Record<string, string>;

const path = (environment: string) => `overlays/${environment}/kustomization.yaml`;
const workload = (name: string, tag = '') => deployment(name, `{ name: ${name}, image: ghcr.io/acme/${name}${tag} }`);
const entry = (app: string, tag: string) => `- { name: ghcr.io/acme/${app}, newTag: ${tag} }`;
const overlay = (web: string, api: string, more: string[] = []) =>
  lines('resources: [../../base]', 'images:', entry('web', web), entry('api', api), ...more);

/** One base of several apps, without a folder that has the name of one. */
const BASES: [what: string, base: Files][] = [
  [
    'files beside each other',
    {
      'base/kustomization.yaml': 'resources: [web.yaml, api.yaml]\n',
      'base/web.yaml': workload('web'),
      'base/api.yaml': workload('api'),
    },
  ],
  [
    'one file',
    {
      'base/kustomization.yaml': 'resources: [all.yaml]\n',
      'base/all.yaml': `${workload('web')}---\n${workload('api')}`,
    },
  ],
  [
    'folders in it',
    {
      'base/kustomization.yaml': 'resources: [web, api]\n',
      'base/web/kustomization.yaml': 'resources: [web.yaml]\n',
      'base/web/web.yaml': workload('web'),
      'base/api/kustomization.yaml': 'resources: [api.yaml]\n',
      'base/api/api.yaml': workload('api'),
    },
  ],
];

async function deployed(files: Files, environment: string, app: string) {
  const tree = objectTree(files);
  const layout = await locateOverlays(tree, NO_POLICY);
  return (await withLayers(tree, layout, await readState(tree, layout, environment, app))).deployed?.targets;
}

const image = (app: string, tag: string): Target => ({
  ...{ kind: 'image', repository: `ghcr.io/acme/${app}`, image: app, tag },
});

describe.each(BASES)('of a base of several apps, %s,', (_what, base) => {
  const files = {
    ...base,
    [path('staging')]: overlay('1.1.0', '5.1.0'),
    [path('production')]: overlay('1.0.0', '5.0.0'),
  };

  test('each app has its own image', async () => {
    expect(await deployed(files, 'staging', 'web')).toEqual([image('web', '1.1.0')]);
    expect(await deployed(files, 'staging', 'api')).toEqual([image('api', '5.1.0')]);
  });

  test('what only the base says, too', async () => {
    const only = Object.fromEntries(
      Object.entries(base).map(([file, text]) => [file, text.replace(/(image: \S+)/g, '$1:0.9.0')]),
    );
    const bare = {
      ...only,
      [path('staging')]: 'resources: [../../base]\n',
      [path('production')]: 'resources: [../../base]\n',
    };
    expect(await deployed(bare, 'staging', 'web')).toEqual([image('web', '0.9.0')]);
  });

  test('one is promoted, and no other', async () => {
    const promotion = await promote(files, 'staging', 'production', ['web']);
    expect(promotion.moved).toMatchObject([{ targets: [image('web', '1.1.0')] }]);
    expect(applied(files, promotion)[path('production')]).toBe(overlay('1.1.0', '5.0.0'));
  });

  test('one goes back, and no other', async () => {
    const earlier = { ...files, [path('staging')]: overlay('1.0.0', '5.0.0') };
    const tree = objectTree(files);
    const layout = await locateOverlays(tree, NO_POLICY);
    const then = {
      ...{ oid: 'c', lastOid: 'd', at: new Date(0), present: true, version: '1.0.0', pinned: [], author: 'ada' },
      ...{ targets: [image('web', '1.0.0')], trailers: undefined, pullRequest: undefined },
    };
    const goals = [{ app: 'web', from: '1.1.0', version: '1.0.0', entry: then }];
    const request = { environment: 'staging', goals, hold: undefined, now: new Date(0) };
    const planned = await planRollback(tree, layout, request, () => objectTree(earlier));
    expect(planned).toMatchObject({ change: { files: new Map([[path('staging'), overlay('1.0.0', '5.1.0')]]) } });
  });
});

test('what is called as no app goes with the one app that is there, and with none of several', async () => {
  const proxied = deployment('web', '{ name: web, image: ghcr.io/acme/web }, { name: proxy, image: "envoy:1.29.0" }');
  const files = {
    'base/kustomization.yaml': 'resources: [web.yaml, api.yaml]\n',
    'base/web.yaml': proxied,
    'base/api.yaml': workload('api'),
    [path('staging')]: lines('resources: [../../base]', 'images:', entry('web', '1.1.0')),
    [path('production')]: overlay('1.0.0', '5.0.0'),
  };
  const proxy = { ...image('envoy', '1.29.0'), repository: 'envoy' };
  expect(await deployed(files, 'staging', 'web')).toEqual([image('web', '1.1.0'), proxy]);
  expect(await deployed(files, 'production', 'web')).toEqual([image('web', '1.0.0')]);
});
