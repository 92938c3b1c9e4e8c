import { describe, expect, test } from '@jest/globals';
import { locateOverlays } from '../../../../src/ops/layouts/locate-overlays.js';
import { readState, withLayers } from '../../../../src/ops/overlays/app-state.js';
import { readPolicy } from '../../../../src/ops/policy/policy.js';
import { objectTree } from '../../../../src/ops/tree/object-tree.js';
import { planOverlay } from '../../../../src/ops/verbs/bump/plan-overlay.js';
import { BUILT } from './built-repositories.js';
import { bumpOf } from './bump-of.js';
import { KUSTOMIZATION, LAYERED } from './layered-repositories.js';
import { NEWER } from './newer-repositories.js';
import { UNREAD } from './unread-repositories.js';

const WEB = { kind: 'image' as const, repository: 'ghcr.io/acme/web', image: 'web', tag: '2.0.0' };

async function bump(files: Record<string, string>) {
  const tree = objectTree(files);
  const layout = await locateOverlays(tree, readPolicy(files['ostack.yaml']));
  return planOverlay(tree, layout, bumpOf('staging', WEB), [WEB]);
}

/** What the state of the environment says, through all layers. */
async function versionIn(files: Record<string, string>) {
  const tree = objectTree(files);
  const layout = await locateOverlays(tree, readPolicy(files['ostack.yaml']));
  const state = await withLayers(tree, layout, await readState(tree, layout, 'staging', 'web'));
  return state.deployed?.version;
}

describe.each([...LAYERED, ...BUILT, ...UNREAD, ...NEWER])(
  '$name',
  ({ files, outcome, paste, before, unproved, left }) => {
    test('the version that is there is the one that runs', async () => {
      expect(await versionIn(files)).toBe(before);
    });

    test('a release is set so that it runs, or is refused with what to do', async () => {
      const { plan, problem } = await bump(files);
      if (outcome instanceof RegExp) {
        expect(problem?.kind).toBe('in-vain');
        expect(problem?.message).toMatch(outcome);
      } else {
        expect([problem, plan?.state]).toEqual([undefined, outcome === 'set' ? 'change' : 'newer']);
      }
      if (outcome === 'set') {
        const after = { ...files, ...Object.fromEntries(plan?.change.files ?? []) };
        expect(await versionIn(after)).toBe('2.0.0');
        expect((await bump(after)).plan?.state).toBe('nothing');
        const said = plan?.unproved ?? [];
        expect(said).toEqual(unproved === undefined ? [] : [expect.stringMatching(unproved)]);
        expect(Object.values(after).join('')).toContain(left ?? '');
      }
    });

    if (paste !== undefined) {
      test('what the refusal says to paste works', async () => {
        const message = (await bump(files)).problem?.message ?? '';
        const { plan, problem } = await bump(pasted(files, message, paste));
        expect([problem, plan?.state]).toEqual([undefined, expect.stringMatching(/change|nothing/)]);
      });
    }
  },
);

/** The files with the lines of a message behind those of the file that it names. */
function pasted(files: Record<string, string>, message: string, where: 'kustomization' | 'policy') {
  const lines = message.slice(message.indexOf('\n\n') + 2);
  const [key = ''] = lines.split('\n', 1);
  const own = (files[KUSTOMIZATION] ?? '').replace(/^images:\n(- .*\n( .*\n)*)*/m, '');
  expect(own.includes(key)).toBe(false);
  return where === 'policy' ? { ...files, 'ostack.yaml': lines } : { ...files, [KUSTOMIZATION]: `${own}${lines}` };
}
