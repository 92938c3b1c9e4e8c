import { describe, expect, test } from '@jest/globals';
import type { MergeChoice } from '../../../../src/ops/policy/merge-decision.js';
import { objectTree } from '../../../../src/ops/tree/object-tree.js';
import type { AppBump } from '../../../../src/ops/verbs/bump/app-bump.js';
import { planOverlay } from '../../../../src/ops/verbs/bump/plan-overlay.js';
import { bumpProposal } from '../../../../src/ops/verbs/bump/proposal.js';
import type { BumpRequest } from '../../../../src/ops/verbs/bump/request.js';
import { LAYOUT, snapshotOf } from '../snapshot.js';

const PATH = 'overlays/staging/shop/kustomization.yaml';
const overlay = (version: string) => `images:\n- name: ghcr.io/acme/shop\n  newTag: ${version}\n`;
const IMAGE = { kind: 'image', repository: 'ghcr.io/acme/shop', image: 'shop', tag: '1.4.0' } as const;
const BUMP: AppBump = {
  ...{ environment: 'staging', nameInApps: 'shop', branch: 'ostack/staging/shop' },
  target: {
    ...{ app: 'shop', version: '1.4.0', images: [IMAGE], release: undefined },
    source: { repository: 'acme/apps', sha: 'a'.repeat(40) },
  },
};
const HOLD = { environment: 'staging', app: 'shop', version: '1.3.0', since: '2026-11-20T09:00:00Z', by: 'ada' };
const QUIET = new Date('2026-11-21T10:00:00Z');
const POLICY = 'environments: { staging: { cd: true } }\n';

async function proposal(now: Date, merge: MergeChoice, policy = POLICY, held = false) {
  const files = { [PATH]: overlay('1.3.0') };
  const snapshot = snapshotOf(files, policy, now);
  const request: BumpRequest = {
    ...{
      apps: [BUMP.target],
      environments: [],
      labels: [],
      reviewers: [],
      assignees: [],
      merge,
      mergeMethod: undefined,
    },
    ...{ dryRun: false, runUrl: '', serverUrl: 'https://github.test' },
  };
  const plan = await planOverlay(snapshot.tree, LAYOUT, BUMP, [IMAGE]);
  const rules = { hold: held ? HOLD : undefined, mustHave: true };
  const planned = { bump: BUMP, overlay: plan, rules };
  return { snapshot, made: bumpProposal({ snapshot, request, releases: undefined }, planned, [planned]) };
}

describe('the pull request of a release', () => {
  test.each<[what: string, merge: MergeChoice, policy: string, merges: boolean]>([
    ['is to merge by itself where the policy says so', 'auto', POLICY, true],
    ['is to merge by itself where the caller asks for it', 'true', '# none\n', true],
    ['waits where the caller says no', 'false', POLICY, false],
    ['waits where there is no policy', 'auto', '# none\n', false],
  ])('%s', async (_what, merge, policy, merges) => {
    const { made } = await proposal(QUIET, merge, policy);
    expect([made.merges, made.judged?.environments, made.judged?.apps]).toEqual([merges, ['staging'], ['shop']]);
  });

  test.each<[what: string, held: string, expected: string]>([
    ['changes what is older', '1.3.0', 'change'],
    ['has nothing to do where it is there', '1.4.0', 'nothing'],
    ['goes backwards on no branch', '1.5.0', 'newer'],
  ])('%s', async (_what, held, expected) => {
    const { made } = await proposal(QUIET, 'auto');
    expect((await made.plan(objectTree({ [PATH]: overlay(held) }))).state).toBe(expected);
  });

  test('of a held app is none at the default branch, whatever its branch has', async () => {
    const { snapshot, made } = await proposal(QUIET, 'auto', POLICY, true);
    expect(await made.plan(snapshot.tree)).toMatchObject({ state: 'left', action: 'held' });
  });
});
