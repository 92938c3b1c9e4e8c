import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { locateOverlays } from '../../src/ops/layouts/locate-overlays.js';
import { environmentsOf } from '../../src/ops/overlays/environments.js';
import { NO_POLICY, readPolicy } from '../../src/ops/policy/policy.js';
import { workTree } from '../../src/ops/tree/work-tree.js';
import { WorkCopy } from './support.js';

const FLEET = join(import.meta.dirname, '../fixtures/ops-groups');

/** Kind and name of each object, `version` of those that run an image of Acme. */
function summary(objects: Record<string, unknown>[]): string[] {
  return objects.map((object) => {
    const text = JSON.stringify(object);
    const { name, namespace } =
      /"metadata":\{.*?"name":"(?<name>[^"]+)"(?:,"namespace":"(?<namespace>[^"]+)")?/.exec(text)?.groups ?? {};
    const version = /ghcr\.io\/acme\/[a-z-]+:([\d.]+)@sha256:[0-9a-f]{64}/.exec(text)?.[1];
    return [`${namespace ?? ''}/${String(object.kind)}/${name ?? ''}`, version].filter(Boolean).join(' ');
  });
}

describe('the fixture of groups', () => {
  test('has six environments in two groups, in the order of its policy', async () => {
    const tree = workTree(FLEET);
    const layout = await locateOverlays(tree, NO_POLICY);
    expect(layout.templates).toEqual(['apps/overlays/{environment}', 'platform/overlays/{environment}']);
    const policy = readPolicy((await tree.read('ostack.yaml')) ?? '');
    const names = policy.environments.map(({ name }) => name);
    expect(names).toEqual(['dev', 'test', 'staging-eu', 'staging-us', 'production-eu', 'production-us']);
    expect(await environmentsOf(tree, layout, 'tracking')).toEqual([...names].sort());
  });

  test('builds in every environment', async () => {
    await using copy = await WorkCopy.of(FLEET);
    const built: Record<string, string[]> = {};
    for (const group of ['apps', 'platform']) {
      for (const environment of await readdir(join(FLEET, group, 'overlays'))) {
        const folder = `${group}/overlays/${environment}`;
        built[folder] = summary(await copy.build(folder));
      }
    }
    expect(built).toMatchSnapshot();
  });
});
