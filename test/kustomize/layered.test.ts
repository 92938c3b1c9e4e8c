import { expect, test } from '@jest/globals';
import { locateOverlays } from '../../src/ops/layouts/locate-overlays.js';
import { NO_POLICY } from '../../src/ops/policy/policy.js';
import { objectTree } from '../../src/ops/tree/object-tree.js';
import { planOverlay } from '../../src/ops/verbs/bump/plan-overlay.js';
import { applied, promote } from '../ops/restore/support.js';
import { bumpOf } from '../ops/verbs/bump/bump-of.js';
import { LAYERED } from '../ops/verbs/bump/layered-repositories.js';
import { WorkCopy } from './support.js';

const WEB = { kind: 'image' as const, repository: 'ghcr.io/acme/web', image: 'web', tag: '2.0.0' };
const SET = LAYERED.filter(({ outcome }) => outcome === 'set');

/** The images of containers in what a kustomization comes to. */
const imagesIn = (objects: unknown) =>
  [...JSON.stringify(objects).matchAll(/"image":"([^"]*\/web:[^"]*)"/g)].map(([, image = '']) =>
    image.split(':').at(-1),
  );

test.each(SET)('$name: kustomize builds what a release claims', async ({ files }) => {
  const tree = objectTree(files);
  const { plan } = await planOverlay(tree, await locateOverlays(tree, NO_POLICY), bumpOf('staging', WEB), [WEB]);
  await using copy = await WorkCopy.of(undefined);
  await copy.write(Object.entries(files));
  await copy.apply(plan?.change ?? { files: new Map() });
  // As Flux does it.
  const objects = await copy.build('overlays/staging/web', '--load-restrictor=LoadRestrictionsNone');
  const workloads = objects.filter(({ kind }) => kind === 'Deployment');
  expect(new Set(imagesIn(workloads))).toEqual(new Set(['2.0.0']));
});

const PRODUCTION = { 'overlays/production/web/kustomization.yaml': 'resources:\n- ../../../bases/web\n' };

test.each(SET)('$name: kustomize builds what a promotion claims', async ({ files }) => {
  const all = { ...files, ...PRODUCTION };
  const plan = await promote(all, 'staging', 'production', ['web']);
  await using copy = await WorkCopy.of(undefined);
  await copy.write(Object.entries(applied(all, plan)));
  const [there, here] = await Promise.all(
    ['production', 'staging'].map(async (environment) => {
      const objects = await copy.build(`overlays/${environment}/web`, '--load-restrictor=LoadRestrictionsNone');
      return imagesIn(objects.filter(({ kind }) => kind === 'Deployment'));
    }),
  );
  expect(plan.failed.length === 0 ? there : here).toEqual(here);
});
