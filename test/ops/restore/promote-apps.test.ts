import { describe, expect, test } from '@jest/globals';
import { locateOverlays } from '../../../src/ops/layouts/locate-overlays.js';
import { readState, withLayers } from '../../../src/ops/overlays/app-state.js';
import { NO_POLICY } from '../../../src/ops/policy/policy.js';
import { readMove } from '../../../src/ops/restore/promote-apps.js';
import { objectTree } from '../../../src/ops/tree/object-tree.js';
import { countingTree } from '../../shapes/counting-tree.js';
import { base } from '../../shapes/files.js';
import { applied, promote } from './support.js';

const own = (environment: string) => `overlays/${environment}/web/kustomization.yaml`;
const shared = (environment: string) => `apps/${environment}/kustomization.yaml`;
const images = (tag: string, more = '') => `images:\n- name: ghcr.io/acme/web\n  newTag: ${tag}\n${more}`;
const resources = (folder: string) => `resources:\n- ../../../bases/${folder}\n`;

/** The version that an environment runs, its base included. */
async function runs(files: Record<string, string>, environment: string): Promise<string | null | undefined> {
  const tree = objectTree(files);
  const layout = await locateOverlays(tree, NO_POLICY);
  return (await withLayers(tree, layout, await readState(tree, layout, environment, 'web'))).deployed?.version;
}

/** What production is to be after a promotion from staging, where only bases name versions. */
const CASES: [what: string, files: Record<string, string>, production: string, is: string | 'same'][] = [
  [
    'of one base is there already',
    {
      ...base('bases/web', 'web', ':1.1.0'),
      [own('staging')]: resources('web'),
      [own('production')]: resources('web'),
    },
    own('production'),
    'same',
  ],
  [
    'replaces the one that the target carries',
    {
      ...base('bases/web', 'web', ':1.1.0'),
      [own('staging')]: resources('web'),
      [own('production')]: `${resources('web')}${images('1.0.0')}`,
    },
    own('production'),
    `${resources('web')}${images('1.1.0')}`,
  ],
  [
    'of a base of its own is an entry in the target',
    {
      ...base('bases/web', 'web', ':1.0.0'),
      ...base('bases/next/web', 'web', ':1.1.0'),
      [own('staging')]: resources('next/web'),
      [own('production')]: resources('web'),
    },
    own('production'),
    `${resources('web')}${images('1.1.0')}`,
  ],
  [
    'that the base sets by its own images counts',
    {
      ...base('bases/web', 'web'),
      'bases/web/kustomization.yaml': `resources:\n- deployment.yaml\n${images('1.0.0')}`,
      'bases/next/kustomization.yaml': `resources:\n- ../web\n${images('1.1.0')}`,
      [own('staging')]: resources('next'),
      [own('production')]: resources('web'),
    },
    own('production'),
    `${resources('web')}${images('1.1.0')}`,
  ],
  [
    'goes beside another image that the target carries',
    {
      ...base('bases/web', 'web', ':1.0.0'),
      ...base('bases/next/web', 'web', ':1.1.0'),
      [own('staging')]: resources('next/web'),
      [own('production')]: `${resources('web')}images:\n- name: redis\n  newTag: "7"\n`,
    },
    own('production'),
    `${resources('web')}images:\n- name: redis\n  newTag: "7"\n- name: ghcr.io/acme/web\n  newTag: 1.1.0\n`,
  ],
  [
    'of one kustomization for all is an entry for its app alone',
    {
      ...base('apps/base/web', 'web', ':1.0.0'),
      ...base('apps/base/api', 'api', ':5.0.0'),
      ...base('shared/next/web', 'web', ':1.1.0'),
      [shared('staging')]: 'resources:\n- ../../shared/next/web\n- ../base/api\n',
      [shared('production')]: 'resources:\n- ../base/web\n- ../base/api\n',
    },
    shared('production'),
    `resources:\n- ../base/web\n- ../base/api\n${images('1.1.0')}`,
  ],
];

describe('a version that only the base of the source names', () => {
  test.each(CASES)('%s', async (_what, files, production, expected) => {
    const plan = await promote(files, 'staging', 'production', ['web']);
    expect(plan.failed).toEqual([]);
    expect(plan.moved).toMatchObject([{ version: '1.1.0', changed: expected !== 'same' }]);
    expect([...plan.change.files]).toEqual(expected === 'same' ? [] : [[production, expected]]);
    const after = applied(files, plan);
    expect([await runs(after, 'production'), await runs(after, 'staging')]).toEqual(['1.1.0', '1.1.0']);
    expect((await promote(after, 'staging', 'production', ['web'])).change.files.size).toBe(0);
  });

  test('is not taken back by accident where the base of the target has a newer one', async () => {
    const files = {
      ...base('bases/web', 'web', ':2.0.0'),
      [own('staging')]: `${resources('web')}${images('1.1.0')}`,
      [own('production')]: resources('web'),
    };
    expect((await promote(files, 'staging', 'production', ['web'])).moved).toMatchObject([
      { previous: '2.0.0', version: '1.1.0', backwards: true },
    ]);
  });

  test('comes with an app that is new in the target', async () => {
    const files = {
      ...base('bases/web', 'web', ':1.1.0'),
      [own('staging')]: resources('web'),
      'overlays/production/api/kustomization.yaml': images('1'),
    };
    const plan = await promote(files, 'staging', 'production', ['web'], true);
    expect(plan.failed).toEqual([]);
    expect(await runs(applied(files, plan), 'production')).toBe('1.1.0');
  });
});

describe('what a promotion claims is read back', () => {
  test('an app of its own folder whose version is in a file that is never promoted is not there', async () => {
    const patch =
      'kind: Deployment\nmetadata: { name: web }\nspec: { containers: [{ image: "ghcr.io/acme/web:1.1.0" }] }\n';
    const files = {
      [own('staging')]: 'resources:\n- ../../../bases/web\npatches:\n- path: _version.yaml\n',
      'overlays/staging/web/_version.yaml': patch,
      ...base('bases/web', 'web'),
      'overlays/production/api/kustomization.yaml': images('1'),
    };
    const plan = await promote(files, 'staging', 'production', ['web'], true);
    expect(plan.failed.map(({ error }) => error.message)).toEqual([
      'production would have web without a version, because nothing in it takes the 1.1.0 that staging has. ' +
        'Let it carry the version in the way of staging, then promote again.',
    ]);
    expect(plan.change.files.size).toBe(0);
  });

  test('what one app lacks holds up no other', async () => {
    const values = (tag: string) => `image: { repository: ghcr.io/acme/web, tag: ${tag} }\n`;
    const files = {
      'apps/base/web/kustomization.yaml': '',
      ...base('apps/base/api', 'api'),
      'apps/staging/kustomization.yaml':
        'resources: [../base/web, ../base/api]\npatches: [{ path: web-values.yaml }]\nimages:\n- name: ghcr.io/acme/api\n  newTag: 5.1.0\n',
      'apps/staging/web-values.yaml': values('1.1.0'),
      'apps/production/kustomization.yaml':
        'resources: [../base/web, ../base/api]\nimages:\n- name: ghcr.io/acme/api\n  newTag: 5.0.0\n',
    };
    const plan = await promote(files, 'staging', 'production', ['web', 'api']);
    expect(plan.failed.map(({ app }) => app)).toEqual(['web']);
    expect(plan.moved.map(({ app }) => app)).toEqual(['api']);
    expect(applied(files, plan)['apps/production/kustomization.yaml']).toContain('newTag: 5.1.0');
  });

  test('a file that stays and has another version is named', async () => {
    const patch = (tag: string) =>
      `kind: Deployment\nmetadata: { name: web }\nspec: { containers: [{ image: "ghcr.io/acme/web:${tag}" }] }\n`;
    const files = {
      ...base('apps/base/web', 'web'),
      'apps/overlays/staging/kustomization.yaml':
        'resources: [../../base/web]\npatches: [{ path: web/version.yaml }]\n',
      'apps/overlays/staging/web/version.yaml': patch('1.1.0'),
      'apps/overlays/production/kustomization.yaml':
        'resources: [../../base/web]\npatches: [{ path: web/version.yaml }, { path: web/_pin.yaml }]\n',
      'apps/overlays/production/web/version.yaml': patch('1.0.0'),
      'apps/overlays/production/web/_pin.yaml': patch('0.9.0'),
    };
    const { moved } = await promote(files, 'staging', 'production', ['web']);
    expect(moved[0]?.notes).toEqual([
      'apps/overlays/production/web/_pin.yaml keeps ghcr.io/acme/web at 0.9.0, because its name starts with "_".',
    ]);
  });
});

test('what two environments take in is read together, level by level', async () => {
  const files = {
    ...base('bases/web', 'web', ':0.1.0'),
    [own('staging')]: `${resources('web')}${images('1.1.0')}`,
    [own('production')]: `${resources('web')}${images('1.0.0')}`,
  };
  const { tree, requests } = countingTree(files);
  const layout = await locateOverlays(tree, NO_POLICY);
  const before = requests();
  await readMove({ source: tree, target: tree }, layout, 'staging', 'production', 'web');
  // The overlays, their base, and its manifest.
  expect(requests() - before).toBe(3);
});

describe('a promotion says nothing of what it does not see', () => {
  test('a version that nothing tells is not there already', async () => {
    const patch = (tag: string) => `kind: Deployment\nmetadata: { name: web }\nspec: { image: "\${TAG:=${tag}}" }\n`;
    const files = {
      ...base('bases/web', 'web', ''),
      [own('staging')]: `${resources('web')}patches: [{ path: p.yaml }]\n`,
      'overlays/staging/web/p.yaml': patch('1.1.0'),
      [own('production')]: `${resources('web')}patches: [{ path: p.yaml }]\n`,
      'overlays/production/web/p.yaml': patch('1.1.0'),
    };
    const { failed, moved } = await promote(files, 'staging', 'production', ['web']);
    expect(moved).toEqual([]);
    expect(failed.map(({ error }) => error.message)).toEqual([
      expect.stringContaining('Nothing that is read in staging says which version of web it has'),
    ]);
  });
});
