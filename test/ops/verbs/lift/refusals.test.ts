import { describe, expect, test } from '@jest/globals';
import { locateOverlays } from '../../../../src/ops/layouts/locate-overlays.js';
import { NO_POLICY } from '../../../../src/ops/policy/policy.js';
import { objectTree } from '../../../../src/ops/tree/object-tree.js';
import { planLift } from '../../../../src/ops/verbs/lift/plan.js';

const PATCH = 'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: shop }\nspec: { minReadySeconds: 5 }\n';
const overlay = (base: string, patch = 'limits.yaml') => `resources: [${base}]\npatches:\n  - path: ${patch}\n`;

/** An app in environments, each upon its own or the same base. */
function ops(bases: Record<string, string>, more: Record<string, string> = {}): Record<string, string> {
  const overlays = Object.entries(bases).flatMap(([environment, base]) => [
    [`overlays/${environment}/shop/kustomization.yaml`, overlay(base)],
    [`overlays/${environment}/shop/limits.yaml`, PATCH],
  ]);
  return { ...Object.fromEntries(overlays), ...more };
}

const BASE = '../../../bases/shop';
const BASED = { 'bases/shop/kustomization.yaml': 'resources: [deployment.yaml]\n' };
const REMOTE = 'https://github.com/acme/apps//apps/shop/deploy?ref=shop-v1.0.0';
const BOTH = { production: BASE, staging: BASE };

describe('a lift is refused', () => {
  test.each<[string, Record<string, string>, string[], string]>([
    [
      'where no environment has the app',
      { 'overlays/staging/cart/kustomization.yaml': 'resources: []\n' },
      [],
      'No environment has a kustomization with shop. Looked in: staging.',
    ],
    [
      'where one environment alone has it',
      ops({ staging: BASE }, BASED),
      [],
      'shop is in staging only, so there is nothing to share. Run lift again when another environment has it too.',
    ],
    [
      'where its base is in another repository',
      ops({ production: REMOTE, staging: REMOTE }),
      [],
      `shop is built from ${REMOTE}, another repository (overlays/production/shop/kustomization.yaml). Make the change there, release it, and remove the patches when every environment has the release.`,
    ],
    [
      'where environments have bases of their own',
      ops({ production: '../../../bases/big', staging: BASE }, BASED),
      [],
      'Expected every environment to build shop from one folder, found production: bases/big, staging: bases/shop.',
    ],
    [
      'where the base has no kustomization',
      ops(BOTH),
      [],
      'bases/shop has no kustomization, so it cannot have patches of its own. Add bases/shop/kustomization.yaml.',
    ],
    [
      'of a patch that there is none of',
      ops(BOTH, BASED),
      ['limit'],
      'There is no patch "limit" of shop in any environment. Did you mean "limits"? It has: limits.',
    ],
    [
      'of a patch that differs',
      ops(BOTH, { ...BASED, 'overlays/staging/shop/limits.yaml': PATCH.replace('5', '9') }),
      ['limits.yaml'],
      'The patch "limits" of shop stays in its environments: overlays/staging/shop/limits.yaml differs from overlays/production/shop/limits.yaml.',
    ],
    [
      'where every name for it is taken in the base',
      ops(BOTH, { ...BASED, ...taken('limits.yaml', 'limits-patch.yaml', 'patch-limits.yaml') }),
      [],
      'bases/shop has limits.yaml, limits-patch.yaml, patch-limits.yaml already: rename one of them, so that a name is free.',
    ],
    [
      'where two groups have an app of that name',
      Object.fromEntries(
        ['apps', 'web'].flatMap((group) => [
          [`${group}/base/shop/kustomization.yaml`, 'resources: []\n'],
          [`${group}/overlays/staging/kustomization.yaml`, 'resources: [../../base/shop]\n'],
        ]),
      ),
      [],
      'shop is in apps/overlays/{environment} and web/overlays/{environment}: two apps of one name cannot be distinguished.',
    ],
  ])('%s', async (_, files, intents, message) => {
    const tree = objectTree(files);
    const planned = await planLift(tree, await locateOverlays(tree, NO_POLICY), { app: 'shop', intents });
    expect(planned.state === 'refused' ? planned.error.message : planned.state).toBe(message);
  });
});

function taken(...names: string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [`bases/shop/${name}`, 'kind: ConfigMap\n']));
}
