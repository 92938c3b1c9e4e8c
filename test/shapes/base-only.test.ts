import { describe, expect, test } from '@jest/globals';
import type { ImageTarget } from '../../src/ops/carriers/carrier.js';
import { locateOverlays } from '../../src/ops/layouts/locate-overlays.js';
import { NO_POLICY } from '../../src/ops/policy/policy.js';
import { promoteApps, readMove } from '../../src/ops/restore/promote-apps.js';
import { objectTree } from '../../src/ops/tree/object-tree.js';
import type { OverlayPlan } from '../../src/ops/verbs/bump/overlay-plan.js';
import { planOverlay } from '../../src/ops/verbs/bump/plan-overlay.js';
import { BASE_ONLY } from './base-only-repositories.js';

const DIGEST = `sha256:${'a'.repeat(64)}`;

async function bump(files: Readonly<Record<string, string>>, tag: string, digest?: string): Promise<OverlayPlan> {
  const image: ImageTarget = { kind: 'image', repository: 'ghcr.io/acme/web', image: 'web', tag, digest };
  const source = { repository: 'acme/apps', sha: '' };
  const target = { app: 'web', version: tag, images: [image], release: undefined, source };
  const tree = objectTree(files);
  const layout = await locateOverlays(tree, NO_POLICY);
  return planOverlay(tree, layout, { environment: 'staging', target, nameInApps: 'web', branch: '' }, [image]);
}

describe.each(BASE_ONLY)('$name, with images in the base only', ({ files, carrier }) => {
  test('a release adds an entry to the kustomization of its environment alone', async () => {
    const { plan } = await bump(files, '2.0.0', DIGEST);
    expect(plan).toMatchObject({ state: 'change', previous: '1.0.0', missing: [] });
    expect([...(plan?.change.files.keys() ?? [])]).toEqual([carrier('staging')]);
    const text = plan?.change.files.get(carrier('staging')) ?? '';
    const added = `images:\n- name: ghcr.io/acme/web\n  newTag: 2.0.0\n  digest: ${DIGEST}\n`;
    expect(text.replace(/^( *)- name/m, '- name').replace(/^ +(newTag|digest)/gm, '  $1')).toBe(
      `${files[carrier('staging')]}${added}`,
    );
    const again = await bump({ ...files, [carrier('staging')]: text }, '2.0.0', DIGEST);
    expect(again.plan?.state).toBe('nothing');
  });

  test('an older release leaves the newer one of the base alone', async () => {
    expect((await bump(files, '0.9.0')).plan).toMatchObject({ state: 'newer', previous: '1.0.0' });
  });

  test('a promotion takes the entry along', async () => {
    const { plan } = await bump(files, '2.0.0');
    const after = { ...files, ...Object.fromEntries(plan?.change.files ?? []) };
    const tree = objectTree(after);
    const layout = await locateOverlays(tree, NO_POLICY);
    const move = await readMove({ source: tree, target: tree }, layout, 'staging', 'production', 'web');
    const { moved, failed, change } = await promoteApps(tree, layout, [move], false);
    expect([failed, moved[0]?.changed]).toEqual([[], true]);
    expect([...change.files]).toEqual([[carrier('production'), after[carrier('staging')]]]);
  });
});

test('an image that two apps of one kustomization run is left to a person', async () => {
  const [, shared] = BASE_ONLY;
  const files = { ...shared?.files };
  const api = files['apps/base/api/deployment.yaml'] ?? '';
  const { plan, problem } = await bump(
    { ...files, 'apps/base/api/deployment.yaml': api.replace('acme/api', 'acme/web') },
    '2.0.0',
  );
  expect([plan, problem?.kind]).toEqual([undefined, 'nothing-carries']);
});

test('a base in another repository, and an image that is no container’s, are left alone', async () => {
  const remote = 'resources:\n- https://github.com/acme/apps//web?ref=main\n';
  expect(
    (await bump({ 'overlays/staging/web/kustomization.yaml': remote, 'bases/web/a.yaml': '' }, '2.0.0')).plan,
  ).toBeUndefined();
  const files = {
    'bases/web/kustomization.yaml': 'resources: [custom.yaml]\n',
    'bases/web/custom.yaml': 'kind: Custom\nmetadata: { name: web }\nspec: { image: "ghcr.io/acme/web:1.0.0" }\n',
    'overlays/staging/web/kustomization.yaml': 'resources: [../../../bases/web]\n',
  };
  expect((await bump(files, '2.0.0')).problem?.kind).toBe('nothing-carries');
});
