import { describe, expect, test } from '@jest/globals';
import { imageTarget } from '../../../src/ops/carriers/image-reference.js';
import { locateOverlays } from '../../../src/ops/layouts/locate-overlays.js';
import { readState, withLayers } from '../../../src/ops/overlays/app-state.js';
import { NO_POLICY } from '../../../src/ops/policy/policy.js';
import { planRollback } from '../../../src/ops/restore/plan-rollback.js';
import { objectTree } from '../../../src/ops/tree/object-tree.js';
import { planOverlay } from '../../../src/ops/verbs/bump/plan-overlay.js';
import { bumpOf } from '../verbs/bump/bump-of.js';
import { LAYERED } from '../verbs/bump/layered-repositories.js';
import { UNREAD } from '../verbs/bump/unread-repositories.js';
import { applied, promote } from './support.js';

const WEB = { kind: 'image' as const, repository: 'ghcr.io/acme/web', image: 'web', tag: '2.0.0' };
const PRODUCTION = {
  'overlays/production/web/kustomization.yaml': 'resources:\n- ../../../bases/web\n',
};

/** What an environment runs, through all layers. */
async function versionIn(files: Record<string, string>, environment: string) {
  const tree = objectTree(files);
  const layout = await locateOverlays(tree, NO_POLICY);
  const state = await withLayers(tree, layout, await readState(tree, layout, environment, 'web'));
  return state.deployed?.version;
}

describe.each(LAYERED)('$name', ({ files, outcome, before }) => {
  test('a promotion brings what runs, or says why it cannot', async () => {
    const all = { ...files, ...PRODUCTION };
    const plan = await promote(all, 'staging', 'production', ['web']);
    if (outcome instanceof RegExp && outcome.source.includes('may write')) {
      expect(plan.failed.map(({ error }) => error.message)).toEqual([
        expect.stringMatching(/^What staging runs of web is not known\. .* may write the image/s),
      ]);
    } else if (plan.failed.length === 0) {
      expect(await versionIn(applied(all, plan), 'production')).toBe(before);
    } else {
      expect(plan.failed.map(({ error }) => error.message).join('')).toMatch(
        /^production would have web |sets nothing|^staging runs the image .* with different tags/,
      );
    }
  });

  if (outcome === 'set') {
    test('a rollback brings back what ran', async () => {
      const { after } = await rolledBack(files, before);
      expect(await versionIn(after, 'staging')).toBe(before);
    });
  }
});

test('a rollback sets what the container runs too, where the environment says only a variable', async () => {
  const files = LAYERED.find(({ name }) => name.startsWith('only a variable of a container'))?.files ?? {};
  const tree = objectTree(files);
  const layout = await locateOverlays(tree, NO_POLICY);
  const entry = {
    ...{ oid: 'c', lastOid: 'd', at: new Date(0), present: true, version: '1.0.0', pinned: [], author: 'ada' },
    ...{ targets: [imageTarget(WEB.repository, '1.0.0')], trailers: undefined, pullRequest: undefined },
  };
  const goals = [{ app: 'web', from: '1.1.0', version: '1.0.0', entry }];
  const back = await planRollback(
    tree,
    layout,
    { environment: 'staging', goals, hold: undefined, now: new Date(0) },
    () => tree,
  );
  const changed = back.state === 'change' ? back.change.files : new Map<string, string>();
  expect(await versionIn({ ...files, ...Object.fromEntries(changed) }, 'staging')).toBe('1.0.0');
});

describe.each(UNREAD)('$name', ({ files, outcome, before, unproved = /^$/ }) => {
  test('a promotion and a rollback say what keeps it open whether something runs it', async () => {
    const own = Object.entries(files).filter(([path]) => path.startsWith('overlays/'));
    const production = own.map(([path, text]) => [
      path.replace('staging', 'production'),
      text.replace('1.1.0', '1.0.0'),
    ]);
    const plan = await promote({ ...files, ...Object.fromEntries(production) }, 'staging', 'production', ['web']);
    if (outcome === 'set') {
      expect(plan.failed).toEqual([]);
      expect((plan.moved[0]?.unproved?.join('') ?? '').replace('production', 'staging')).toMatch(unproved);
      const back = await rolledBack(files, before);
      expect((back.state === 'change' ? back.unproved?.join('') : undefined) ?? '').toMatch(unproved);
    }
  });
});

/** What a rollback comes to after a release to 2.0.0. */
async function rolledBack(files: Record<string, string>, before: string | null) {
  const tree = objectTree(files);
  const layout = await locateOverlays(tree, NO_POLICY);
  const { plan } = await planOverlay(tree, layout, bumpOf('staging', WEB), [WEB]);
  const after = { ...files, ...Object.fromEntries(plan?.change.files ?? []) };
  const entry = {
    ...{ oid: 'c', lastOid: 'd', at: new Date(0), present: true, version: before, pinned: [], author: 'ada' },
    ...{ targets: [imageTarget(WEB.repository, before ?? '')], trailers: undefined, pullRequest: undefined },
  };
  const goals = [{ app: 'web', from: '2.0.0', version: before ?? '', entry }];
  const request = { environment: 'staging', goals, hold: undefined, now: new Date(0) };
  const back = await planRollback(objectTree(after), layout, request, () => objectTree(files));
  const changed = back.state === 'change' ? back.change.files : new Map<string, string>();
  return { ...back, after: { ...after, ...Object.fromEntries(changed) } };
}
