import { expect, test } from '@jest/globals';
import type { ImageTarget } from '../../src/ops/carriers/carrier.js';
import { locateApps } from '../../src/ops/layouts/named-apps.js';
import { NO_POLICY } from '../../src/ops/policy/policy.js';
import { objectTree } from '../../src/ops/tree/object-tree.js';
import { planOverlay } from '../../src/ops/verbs/bump/plan-overlay.js';
import { BASE_ONLY } from '../shapes/base-only-repositories.js';
import { REPOSITORIES } from '../shapes/repositories.js';
import type { Repository } from '../shapes/repository.js';
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

/** What kustomize makes of both environments, before and after a release of web comes to staging. */
async function released({ files, built = () => [] }: Repository) {
  await using copy = await WorkCopy.of(undefined);
  await copy.write(Object.entries(files));
  const both = async () => ({
    staging: await build(copy, built('staging')),
    production: await build(copy, built('production')),
  });
  const before = await both();
  const layout = await locateApps(objectTree(files), NO_POLICY);
  const bump = { environment: 'staging', target: TARGET, nameInApps: 'web', branch: 'ostack/staging/web' };
  const { plan } = await planOverlay(objectTree(files), layout, bump, [WEB]);
  await copy.apply(plan?.change ?? { files: new Map() });
  return { before, after: await both() };
}

test.each(BUILT)('$name: a release changes one image of one environment, and nothing else', async (repository) => {
  const { before, after } = await released(repository);
  expect(after.production).toBe(before.production);
  expect(after.staging).not.toBe(before.staging);
  expect(after.staging).toBe(before.staging.replaceAll('1.1.0', '2.0.0'));
});

test.each(BASE_ONLY)(
  '$name: an entry that is new changes one image of one environment, and nothing else',
  async (repository) => {
    const { before, after } = await released(repository);
    expect(after.production).toBe(before.production);
    expect(after.staging).toBe(before.staging.replaceAll('web:1.0.0', 'web:2.0.0'));
  },
);
