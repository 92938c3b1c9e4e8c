import { describe, expect, test } from '@jest/globals';
import { OPS_FILES, type OpsStage, opsStage, overlay, summaryOf } from './support.js';

/** GitHub as it is: a pull request records some requests later that its branch was pushed to. */
const late = { delays: { head: () => 4 } };
const staging = { environments: 'staging' };
const BRANCH = 'ostack/staging/my-app';
const FILE = 'overlays/staging/my-app/kustomization.yaml';

/** Requests that only pass the time. */
async function passTime({ graphql }: OpsStage, requests = 6): Promise<void> {
  for (let count = 0; count < requests; count++) {
    await graphql('query { viewer { login } }');
  }
}

describe('a pull request that records its new head late', () => {
  test.each<[string, string | undefined]>([
    ['on top of what is there', undefined],
    ['on a branch that is built anew', 'the base moved'],
  ])('is merged with the newer version, %s', async (_name, moved) => {
    await using world = await opsStage(OPS_FILES, undefined, late);
    await world.bump({ ...staging, merge: 'false' });
    if (moved !== undefined) {
      await world.push('main', { 'README.md': moved });
    }
    const run = await world.bump({ ...staging, tag: '1.5.0' });
    expect(summaryOf(run)).toEqual(['staging: merged #1']);
    expect(await world.ops.read('main', FILE)).toContain('"1.5.0"');
    const [merged] = await world.ops.log('main');
    expect(merged?.message).toMatch(/^my-app 1\.5\.0 -> staging \(#1\)\n/);
  });

  test('keeps its auto-merge, with the message of the newest version', async () => {
    await using world = await opsStage(OPS_FILES, { allowAutoMerge: true }, late);
    world.ops.protect('main', { requiredChecks: ['validate'] });
    await world.bump(staging);
    await passTime(world);
    const run = await world.bump({ ...staging, tag: '1.5.0' });
    expect(summaryOf(run)).toEqual(['staging: updated #1, merges by itself when its checks allow']);
    await passTime(world);
    const [pull] = await world.pulls();
    expect(pull?.autoMerge).toBe(true);
    await fetch(`${world.stage.apiUrl}/repos/acme/ops/statuses/${pull?.headOid}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${world.stage.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ state: 'success', context: 'validate' }),
    });
    await passTime(world);
    const [merged] = await world.ops.log('main');
    expect(merged?.message).toMatch(/^my-app 1\.5\.0 -> staging \(#1\)\n/);
  });

  test('keeps the commit that a person pushed this very moment', async () => {
    await using world = await opsStage(OPS_FILES, undefined, late);
    await world.bump({ ...staging, merge: 'false' });
    await passTime(world);
    await world.push('main', { 'README.md': 'the base moves, so that a branch of ours would be built anew\n' });
    await world.push(BRANCH, { 'overlays/staging/my-app/settings.yaml': 'replicas: 3\n' });
    const run = await world.bump({ ...staging, tag: '1.5.0', merge: 'false' });
    expect(summaryOf(run)).toEqual(['staging: updated #1']);
    expect(await world.ops.read(BRANCH, 'overlays/staging/my-app/settings.yaml')).toBe('replicas: 3\n');
    expect(await world.ops.read(BRANCH, FILE)).toContain('"1.5.0"');
  });

  test("is closed without its branch where that has a person's commit that it does not show yet", async () => {
    await using world = await opsStage(OPS_FILES, undefined, late);
    await world.bump({ ...staging, merge: 'false' });
    await passTime(world);
    await world.push('main', { [FILE]: overlay('1.4.0') });
    await world.push(BRANCH, { 'overlays/staging/my-app/settings.yaml': 'replicas: 3\n' });
    await world.bump(staging);
    expect(await world.ops.read(BRANCH, 'overlays/staging/my-app/settings.yaml')).toBe('replicas: 3\n');
  });
});
