import { describe, expect, test } from '@jest/globals';
import { locateOverlays } from '../../src/ops/layouts/locate-overlays.js';
import { environmentApps } from '../../src/ops/overlays/environment-apps.js';
import { allEnvironments } from '../../src/ops/overlays/environments.js';
import { NO_POLICY, readPolicy } from '../../src/ops/policy/policy.js';
import { promoteApps, readMove } from '../../src/ops/restore/promote-apps.js';
import { objectTree } from '../../src/ops/tree/object-tree.js';

/** The apps of each environment. */
async function appsIn(files: Record<string, string>, lines?: string) {
  const tree = objectTree(files);
  const policy = lines === undefined ? NO_POLICY : readPolicy(`${lines}\n`);
  const layout = await locateOverlays(tree, policy);
  const environments = await allEnvironments(tree, layout, policy);
  return Object.fromEntries(
    await Promise.all(environments.map(async (name) => [name, await environmentApps(tree, layout, name)])),
  );
}

describe('a pattern of the policy may end in files without an ending', () => {
  test.each<[string, Record<string, string>, string, Record<string, string[]>]>([
    [
      'called after apps',
      {
        'releases/eu/web': '1.0.0\n',
        'releases/eu/api': '5.0.0\n',
        'releases/us/web': '1.0.0',
        'releases/us/OWNERS': 'a',
      },
      'overlays: ["releases/{environment}/{app}"]',
      { eu: ['api', 'web'], us: ['web'] },
    ],
    [
      'called after environments',
      { 'apps/web/tags/eu': '1.0.0\n', 'apps/web/tags/us': '1.0.0\n', 'apps/api/tags/eu': '5.0.0\n' },
      'overlays: ["apps/{app}/tags/{environment}"]',
      { eu: ['api', 'web'], us: ['web'] },
    ],
    [
      'beside folders of apps, which are no apps',
      { 'releases/eu/web/kustomization.yaml': '', 'releases/eu/notes': '1.0.0\n' },
      'overlays: ["releases/{environment}/{app}"]',
      { eu: ['web'] },
    ],
  ])('%s', async (_, files, lines, expected) => {
    expect(await appsIn(files, lines)).toEqual(expected);
  });
});

test('files that hold no tags are no apps by their names alone', async () => {
  const files = { 'teams/staging/web': 'ann, bob\n', 'teams/production/web': 'ann\n' };
  await expect(appsIn(files)).rejects.toThrow('No overlays found');
});

test('a promotion asks for the file of an environment that has none', async () => {
  const tree = objectTree({ 'image-tags/staging/web': '1.1.0\n', 'image-tags/production/api': '5.0.0\n' });
  const layout = await locateOverlays(tree, NO_POLICY);
  const move = await readMove({ source: tree, target: tree }, layout, 'staging', 'production', 'web');
  const { failed, change } = await promoteApps(tree, layout, [move], true);
  expect([failed.map(({ error }) => error.message), change.files.size]).toEqual([
    [expect.stringMatching(/^production has no web in image-tags\/production\/web\. Add it there/)],
    0,
  ]);
});
