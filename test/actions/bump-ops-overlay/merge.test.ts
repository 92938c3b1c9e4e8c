import { describe, expect, test } from '@jest/globals';
import { OPS_FILES, type OpsStage, opsStage, overlay, requestLines, summaryOf } from './support.js';

const staging = { environments: 'staging' };
const FILE = 'overlays/staging/my-app/kustomization.yaml';
const BY_ITSELF = 'merges by itself when its checks allow';

/** Reports the required check as passed on every head of a pull request, as a workflow in ops would. */
function checksPass({ stage, ops }: OpsStage): void {
  stage.github.on(({ name, payload }) => {
    const head =
      name === 'pull_request' ? JSON.stringify(payload).match(/"head":\{[^{}]*"sha":"([0-9a-f]{40})"/)?.[1] : undefined;
    if (head !== undefined) {
      void fetch(`${stage.apiUrl}/repos/${ops.name}/statuses/${head}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${stage.token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ state: 'success', context: 'validate' }),
      });
    }
  });
}

async function setStatus({ stage }: OpsStage, sha: string): Promise<void> {
  await fetch(`${stage.apiUrl}/repos/acme/ops/statuses/${sha}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${stage.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ state: 'success', context: 'validate' }),
  });
}

describe('a pull request that merges by itself', () => {
  test('is left to auto-merge where checks are required, and merges when they pass', async () => {
    await using world = await opsStage(OPS_FILES, { allowAutoMerge: true });
    world.ops.protect('main', { requiredChecks: ['validate'] });
    const run = await world.bump(staging);
    expect(summaryOf(run)).toEqual([`staging: created #1, ${BY_ITSELF}`]);
    expect(requestLines(run)).toHaveLength(5);
    const [pull] = await world.pulls();
    expect(pull).toMatchObject({ state: 'OPEN', autoMerge: true });
    await setStatus(world, pull?.headOid ?? '');
    expect((await world.pulls())[0]?.state).toBe('MERGED');
    expect(await world.ops.read('main', FILE)).toContain('"1.4.0"');
  });

  test('merges with the words of the newest version when it was updated meanwhile', async () => {
    await using world = await opsStage(OPS_FILES, { allowAutoMerge: true });
    world.ops.protect('main', { requiredChecks: ['validate'] });
    await world.bump(staging);
    const run = await world.bump({ ...staging, tag: '1.5.0' });
    expect(summaryOf(run)).toEqual([`staging: updated #1, ${BY_ITSELF}`]);
    await setStatus(world, (await world.pulls())[0]?.headOid ?? '');
    const [merged] = await world.ops.log('main');
    expect(merged?.message).toMatch(/^my-app 1\.5\.0 -> staging \(#1\)\n\n(.*\n)*Ostack-Version: 1\.5\.0\n/);
  });

  test('is merged now where GitHub calls it clean', async () => {
    await using world = await opsStage(OPS_FILES, { allowAutoMerge: true });
    await world.bump({ ...staging, merge: 'false' });
    world.ops.protect('main', { requiredChecks: ['validate'] });
    await setStatus(world, (await world.pulls())[0]?.headOid ?? '');
    const run = await world.bump(staging);
    expect(summaryOf(run)).toEqual(['staging: merged #1']);
  });

  test('waits for the required checks where the repository does not allow auto-merge', async () => {
    await using world = await opsStage();
    world.ops.protect('main', { requiredChecks: ['validate'] });
    checksPass(world);
    const run = await world.bump(staging);
    expect(summaryOf(run)).toEqual(['staging: merged #1']);
    expect(await world.ops.read('main', FILE)).toContain('"1.4.0"');
  });

  test('gives up waiting after merge-timeout and says what GitHub waits for', async () => {
    await using world = await opsStage();
    world.ops.protect('main', { requiredChecks: ['validate'] });
    const run = await world.bump({ ...staging, 'merge-timeout': '1s' });
    expect(run.exitCode).toBe(0);
    expect(summaryOf(run)).toEqual([
      'staging: created #1, not merged within 1 s (merge-timeout), it waits for its checks or a person',
    ]);
    expect((await world.pulls())[0]?.state).toBe('OPEN');
  });

  test('is planned again on the new base where the rules want it up to date', async () => {
    await using world = await opsStage();
    await world.bump({ ...staging, merge: 'false' });
    world.ops.protect('main', { requiredChecks: ['validate'], strict: true });
    await setStatus(world, (await world.pulls())[0]?.headOid ?? '');
    await world.push('main', { 'README.md': 'moved\n' });
    checksPass(world);
    const run = await world.bump(staging);
    expect(summaryOf(run)).toEqual(['staging: merged #1']);
    const [merged, before] = await world.ops.log('main');
    expect(merged?.message).toMatch(/^my-app 1\.4\.0 -> staging \(#1\)\n/);
    expect(before?.message).toBe('by hand');
  });

  test('is rebuilt where it conflicts with its base', async () => {
    await using world = await opsStage();
    await world.bump({ ...staging, merge: 'false' });
    await world.push('main', { [FILE]: overlay('1.3.9') });
    const run = await world.bump(staging);
    expect(summaryOf(run)).toEqual(['staging: merged #1']);
    expect(await world.ops.read('main', FILE)).toContain('"1.4.0"');
  });

  test("stays for a person where it conflicts and has people's commits", async () => {
    await using world = await opsStage();
    await world.bump({ ...staging, merge: 'false' });
    await world.push('ostack/staging/my-app', { 'notes.md': 'mine\n' });
    await world.push('main', { [FILE]: overlay('1.3.9') });
    const run = await world.bump(staging);
    expect(run.exitCode).toBe(0);
    expect(summaryOf(run)[0]).toMatch(/^staging: unchanged #1, it conflicts with its base, and people's commits/);
  });

  test('is not merged while the environment is frozen', async () => {
    const policy = 'environments:\n  staging: { cd: true, freeze: [{ cron: "* * * * *", for: 1h }] }\n';
    await using world = await opsStage({ ...OPS_FILES, 'ostack.yaml': policy });
    const run = await world.bump(staging);
    const waits =
      /^staging: created #1, not yet: staging is frozen until .*Z; it merges by itself once the policy allows it$/;
    expect(summaryOf(run)[0]).toMatch(waits);
    expect(summaryOf(await world.bump({ ...staging, merge: 'true' }))[0]).toMatch(/^staging: unchanged #1, not yet: /);
    expect((await world.pulls())[0]).toMatchObject({ state: 'OPEN', labels: ['ostack', 'ostack/merge-when-allowed'] });
  });

  test('is merged although the policy has no cd, when the caller says so and nothing is against it', async () => {
    await using world = await opsStage();
    const early = await world.bump({ environments: 'production', merge: 'true' });
    expect(summaryOf(early)[0]).toMatch(
      /^production: created #1, not yet: production takes my-app 1\.4\.0 only once it is in staging, which runs 1\.3\.0;/,
    );
    await world.bump(staging);
    const run = await world.bump({ environments: 'production', merge: 'true', 'merge-method': 'merge' });
    expect(summaryOf(run)).toEqual(['production: merged #1']);
    const [merge] = await world.ops.log('main');
    expect(merge?.parents).toHaveLength(2);
    const [ours] = await world.ops.log(merge?.parents[1] ?? '');
    expect(ours?.message).toContain('Ostack-Environment: production');
  });
});
