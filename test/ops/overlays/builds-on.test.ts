import { describe, expect, test } from '@jest/globals';
import { locateOverlays } from '../../../src/ops/layouts/locate-overlays.js';
import { readPolicy } from '../../../src/ops/policy/policy.js';
import { promoteApps, readMove } from '../../../src/ops/restore/promote-apps.js';
import { objectTree } from '../../../src/ops/tree/object-tree.js';
import { planOverlay } from '../../../src/ops/verbs/bump/plan-overlay.js';
import { bumpOf } from '../verbs/bump/bump-of.js';

type Files = Record<string, string>;

const WEB = { kind: 'image' as const, repository: 'ghcr.io/acme/web', image: 'web', tag: '2.0.0' };
const POLICY = readPolicy('environments: { dev: {}, staging: { after: dev }, production: { after: staging } }\n');
const images = (tag: string) => `images:\n- name: ghcr.io/acme/web\n  newTag: ${tag}\n`;
const kustomization = (...resources: string[]) => `resources: [${resources.join(', ')}]\n`;
const deployment = (tag: string) =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec:\n  template:\n    spec:\n      containers:\n      - name: web\n        image: ghcr.io/acme/web:${tag}\n`;
const BASE: Files = {
  'base/web/kustomization.yaml': kustomization('web.yaml'),
  'base/web/web.yaml': deployment('0.9.0'),
};

async function bump(files: Files, environment: string) {
  const tree = objectTree(files);
  const layout = await locateOverlays(tree, POLICY);
  const { plan, problem } = await planOverlay(tree, layout, bumpOf(environment, WEB), [WEB]);
  return { state: plan?.state, problem: problem?.message };
}

/** What builds on staging, and at what it has the version then. */
const FOLLOWING: [string, Files, string, string][] = [
  [
    'a folder of the app that takes in that of staging',
    {
      ...BASE,
      'overlays/staging/web/kustomization.yaml': kustomization('../../../base/web') + images('1.1.0'),
      'overlays/production/web/kustomization.yaml': kustomization('../../staging/web'),
    },
    'overlays/production/web/kustomization.yaml',
    '1.1.0',
  ],
  [
    'a kustomization of all apps that takes in that of staging',
    {
      ...BASE,
      'overlays/staging/kustomization.yaml': kustomization('../../base/web') + images('1.1.0'),
      'overlays/production/kustomization.yaml': kustomization('../staging'),
    },
    'overlays/production/kustomization.yaml',
    '1.1.0',
  ],
  [
    'a cluster of an environment that takes in a folder of staging, by way of another folder',
    {
      'components/web/base/kustomization.yaml': kustomization('web.yaml'),
      'components/web/base/web.yaml': deployment('0.9.0'),
      'components/web/staging/kustomization.yaml': kustomization('jobs'),
      'components/web/staging/jobs/kustomization.yaml': kustomization('web.yaml'),
      'components/web/staging/jobs/web.yaml': deployment('1.1.0'),
      'components/web/production/eu-1/kustomization.yaml': kustomization('../jobs'),
      'components/web/production/jobs/kustomization.yaml': kustomization('../../staging/jobs'),
    },
    'components/web/production/jobs/kustomization.yaml',
    '1.1.0',
  ],
  [
    'an app whose environments are folders in it',
    {
      'components/web/base/kustomization.yaml': kustomization('web.yaml'),
      'components/web/base/web.yaml': deployment('0.9.0'),
      'components/web/overlays/staging/kustomization.yaml': kustomization('../../base') + images('1.1.0'),
      'components/web/overlays/production/kustomization.yaml': kustomization('../staging'),
    },
    'components/web/overlays/production/kustomization.yaml',
    '1.1.0',
  ],
  [
    "a patch of staging's",
    {
      ...BASE,
      'overlays/staging/web/kustomization.yaml': `${kustomization('../../../base/web')}patches: [{ path: web.yaml }]\n`,
      'overlays/staging/web/web.yaml': deployment('1.1.0'),
      'overlays/production/web/kustomization.yaml': `${kustomization('../../../base/web')}patches: [{ path: ../../staging/web/web.yaml }]\n`,
    },
    'overlays/production/web/kustomization.yaml',
    '1.1.0',
  ],
  [
    'an environment that builds on one that builds on it',
    {
      ...BASE,
      'overlays/staging/web/kustomization.yaml': kustomization('../../../base/web') + images('1.1.0'),
      'overlays/dev/web/kustomization.yaml': `${kustomization('../../staging/web')}${images('1.2.0')}`,
      'overlays/production/web/kustomization.yaml': kustomization('../../staging/web'),
    },
    'overlays/production/web/kustomization.yaml',
    '1.1.0',
  ],
  [
    'what only the base has a version of',
    {
      ...BASE,
      'overlays/staging/web/kustomization.yaml': kustomization('../../../base/web'),
      'overlays/production/web/kustomization.yaml': kustomization('../../staging/web'),
    },
    'overlays/production/web/kustomization.yaml',
    '0.9.0',
  ],
];

describe('an environment that another one builds on', () => {
  test.each(FOLLOWING)(
    'is not changed without the other one said, and the lines that part them work: %s',
    async (_, files, file, tag) => {
      const { problem = '' } = await bump(files, 'staging');
      expect(problem).toContain('production builds on ');
      expect(problem).toContain(
        `(${file}) and says no version of ghcr.io/acme/web of its own, so that it would change with staging.`,
      );
      const [, lines = ''] = problem.split('\n\n');
      expect(lines).toBe(`images:\n- name: ghcr.io/acme/web\n  newTag: "${tag}"\n`);
      expect(await bump({ ...files, [file]: `${files[file]}${lines}` }, 'staging')).toEqual({ state: 'change' });
    },
  );

  test('changes where the other one says its version', async () => {
    const files = {
      ...BASE,
      'overlays/staging/web/kustomization.yaml': kustomization('../../../base/web') + images('1.1.0'),
      'overlays/production/web/kustomization.yaml': kustomization('../../staging/web') + images('1.0.0'),
    };
    expect(await bump(files, 'staging')).toEqual({ state: 'change' });
  });

  test.each([
    ['shares a base with the other', '../../../base/web'],
    ['takes in another app of the other', '../../staging/api'],
  ])('changes where it only %s', async (_, resource) => {
    const files = {
      ...BASE,
      'overlays/staging/api/kustomization.yaml': kustomization('../../../base/web'),
      'overlays/staging/web/kustomization.yaml': kustomization('../../../base/web') + images('1.1.0'),
      'overlays/production/web/kustomization.yaml': kustomization(resource),
    };
    expect(await bump(files, 'staging')).toEqual({ state: 'change' });
  });

  test('a third one that follows by way of the other does not, where the other says its version', async () => {
    const files = {
      ...BASE,
      'overlays/dev/web/kustomization.yaml': kustomization('../../../base/web') + images('1.2.0'),
      'overlays/staging/web/kustomization.yaml': kustomization('../../dev/web'),
      'overlays/production/web/kustomization.yaml': kustomization('../../staging/web'),
    };
    const parted = {
      ...files,
      'overlays/staging/web/kustomization.yaml': kustomization('../../dev/web') + images('1.1.0'),
    };
    expect((await bump(files, 'dev')).problem).toContain('staging builds on overlays/dev/web of dev');
    expect(await bump(parted, 'dev')).toEqual({ state: 'change' });
    expect((await bump(parted, 'staging')).problem).toContain('production builds on overlays/staging/web of staging');
  });

  test('is not promoted into either', async () => {
    const files = {
      ...BASE,
      'overlays/dev/web/kustomization.yaml': kustomization('../../../base/web') + images('1.2.0'),
      'overlays/staging/web/kustomization.yaml': kustomization('../../../base/web') + images('1.1.0'),
      'overlays/production/web/kustomization.yaml': kustomization('../../staging/web'),
    };
    const tree = objectTree(files);
    const layout = await locateOverlays(tree, POLICY);
    const move = await readMove({ source: tree, target: tree }, layout, 'dev', 'staging', 'web');
    const { failed, moved } = await promoteApps(tree, layout, [move], false);
    expect(moved).toEqual([]);
    expect(failed[0]?.error.message).toContain('production builds on overlays/staging/web of staging');
  });
});
