import { expect, test } from '@jest/globals';
import type { ImageTarget } from '../../src/ops/carriers/carrier.js';
import { locateOverlays } from '../../src/ops/overlays/locate-overlays.js';
import { NO_POLICY } from '../../src/ops/policy/policy.js';
import { objectTree } from '../../src/ops/tree/object-tree.js';
import { planOverlay } from '../../src/ops/verbs/bump/plan-overlay.js';
import { BASE_ONLY } from '../shapes/base-only-repositories.js';
import { REPOSITORIES } from '../shapes/repositories.js';
import { WorkCopy } from './support.js';

const WEB: ImageTarget = { kind: 'image', repository: 'ghcr.io/acme/web', image: 'web', tag: '2.0.0' };
const TARGET = {
  ...{ app: 'web', version: '2.0.0', images: [WEB], release: undefined },
  source: { repository: 'acme/apps', sha: '' },
};
const BUILT = REPOSITORIES.filter(({ built }) => built !== undefined);

/** What kustomize makes of the folders of both environments, as text. */
async function build(copy: WorkCopy, folders: readonly string[]): Promise<string> {
  const objects = await Promise.all(folders.map((folder) => copy.build(folder)));
  return JSON.stringify(objects, null, 1);
}

test.each(BUILT)('$name: a release changes one image of one environment, and nothing else', async (repository) => {
  const { files, built = () => [] } = repository;
  await using copy = await WorkCopy.of(undefined);
  await copy.write(Object.entries(files));
  const [staging, production] = [built('staging'), built('production')];
  const before = { staging: await build(copy, staging), production: await build(copy, production) };
  const layout = await locateOverlays(objectTree(files), NO_POLICY);
  const bump = { environment: 'staging', target: TARGET, nameInApps: 'web', branch: 'ostack/staging/web' };
  const { plan } = await planOverlay(objectTree(files), layout, bump, [WEB]);
  await copy.apply(plan?.change ?? { files: new Map() });
  expect(await build(copy, production)).toBe(before.production);
  const after = await build(copy, staging);
  expect(after).not.toBe(before.staging);
  expect(after).toBe(before.staging.replaceAll('1.1.0', '2.0.0'));
});

test.each(BASE_ONLY)(
  '$name: an entry that is new changes one image of one environment, and nothing else',
  async (repository) => {
    const { files, built = () => [] } = repository;
    await using copy = await WorkCopy.of(undefined);
    await copy.write(Object.entries(files));
    const [staging, production] = [built('staging'), built('production')];
    const before = { staging: await build(copy, staging), production: await build(copy, production) };
    const layout = await locateOverlays(objectTree(files), NO_POLICY);
    const bump = { environment: 'staging', target: TARGET, nameInApps: 'web', branch: 'ostack/staging/web' };
    const { plan } = await planOverlay(objectTree(files), layout, bump, [WEB]);
    await copy.apply(plan?.change ?? { files: new Map() });
    expect(await build(copy, production)).toBe(before.production);
    expect(await build(copy, staging)).toBe(before.staging.replaceAll('web:1.0.0', 'web:2.0.0'));
  },
);
