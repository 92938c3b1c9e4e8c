import { expect, test } from '@jest/globals';
import { HOME } from '../../../src/ops/policy/places.js';
import { readPolicy } from '../../../src/ops/policy/policy.js';
import { refuseSources, refuseUntold } from '../../../src/ops/repository/untold-places.js';
import { objectTree } from '../../../src/ops/tree/object-tree.js';

const PROBLEM = new Error('acme/live cannot be read.');
const untold = new Map([['prod', PROBLEM]]);
const policyOf = (overlays: string) =>
  readPolicy(
    `environments:\n  dev: { branch: dev }\n  stage: {}\n  prod: { branch: p, repository: acme/live }\noverlays: ["${overlays}"]\n`,
  );
const file = (folder: string) => ({
  [`${folder}/kustomization.yaml`]: 'images: [{ name: acme/web, newTag: 1.0.0 }]\n',
});

test.each([
  ['where the environment lives', { repository: 'acme/live', branch: 'p' }, true],
  ['on another branch', { repository: undefined, branch: 'dev' }, false],
  ['on the default branch, of which the tree tells', HOME, false],
])(
  'of an environment of which nobody knows whether it is rendered, nothing is written %s',
  (_where, place, isRefused) => {
    const refuse = () => refuseUntold({ policy: policyOf('overlays/{environment}/{app}'), untold }, place);
    if (isRefused) {
      expect(refuse).toThrow(PROBLEM);
    } else {
      expect(refuse).not.toThrow();
    }
  },
);

test.each([
  [
    'has something of it',
    'overlays/{environment}/{app}',
    { ...file('overlays/stage/web'), ...file('overlays/prod/web') },
    true,
  ],
  ['has nothing of it', 'overlays/{environment}/{app}', file('overlays/stage/web'), false],
  ['does not tell whose its overlays are then', 'apps/{app}', file('apps/web'), true],
])('the default branch is left alone where it %s', async (_what, overlays, files, isRefused) => {
  const refusing = refuseSources(objectTree(files), { policy: policyOf(overlays), untold });
  await (isRefused ? expect(refusing).rejects.toBe(PROBLEM) : expect(refusing).resolves.toBeUndefined());
});

test('nothing is read where all is known', async () => {
  const unreadable = objectTree({});
  unreadable.list = () => Promise.reject(new Error('It was read.'));
  await expect(
    refuseSources(unreadable, { policy: policyOf('overlays/{environment}/{app}'), untold: new Map() }),
  ).resolves.toBeUndefined();
});
