import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Ruleset } from '../../../src/local/github/world/records.js';
import { propose } from '../../../src/ops/pull-requests/propose.js';
import { type EngineWorld, engineWorld, saying } from './engine.js';

const queue = (more: Partial<Ruleset['rules']> = {}): Ruleset => ({
  ...{ target: 'branch', include: ['~DEFAULT_BRANCH'] },
  rules: { mergeQueue: { method: 'squash' }, ...more },
});

const BY_QUEUE = 'the merge queue merges it when its checks allow';

describe.each([true, false])('a merge queue, where auto-merge is allowed: %s', (allowAutoMerge) => {
  let world: EngineWorld;
  let delay = 0;
  beforeAll(async () => {
    world = await engineWorld({ delays: { head: () => delay } }, { allowAutoMerge });
  });
  beforeEach(() => {
    delay = 0;
    return world.goBack();
  });
  afterAll(() => world.close());

  const run = async (version: string, merges = true) => {
    const { results, failures } = await propose(
      world.connected,
      async () => [saying('shop', version, { merges })],
      world.options,
    );
    expect(failures).toEqual([]);
    return results.map(({ action, reason, mergesByItself }) => ({ action, reason, mergesByItself }));
  };
  const passTime = async () => {
    for (let count = 0; count < 4; count++) {
      await world.pulls();
    }
  };
  const pass = async (sha: string) =>
    world.connected.github.rest.repos.createCommitStatus({
      owner: 'acme',
      repo: 'ops',
      sha,
      state: 'success',
      context: 'ci',
    });

  test('gets what merges by itself, and merges it', async () => {
    world.ops.ruleset('queue', queue());
    expect(await run('1.1.0')).toEqual([{ action: 'created', reason: BY_QUEUE, mergesByItself: true }]);
    await passTime();
    expect(await world.version('shop')).toBe('1.1.0');
    expect((await world.heads())[0]).toBe('shop 1.1.0 -> staging (#1)');
  });

  test('is left alone by a second run, and gets a newer version again', async () => {
    world.ops.ruleset('queue', queue({ requiredChecks: ['ci'] }));
    const passed = async () => pass((await world.ops.refs())['refs/heads/ostack/staging/shop'] ?? '');
    await run('1.1.0');
    await passed();
    await run('1.1.0');
    expect(await run('1.1.0')).toEqual([{ action: 'unchanged', reason: BY_QUEUE, mergesByItself: true }]);
    expect(await run('1.2.0')).toMatchObject([{ action: 'updated', mergesByItself: allowAutoMerge }]);
    await passed();
    await run('1.2.0');
    const groups = Object.entries(await world.ops.refs()).filter(([name]) => name.includes('gh-readonly-queue'));
    await Promise.all(groups.map(([, sha]) => pass(sha)));
    await passTime();
    expect(await world.version('shop')).toBe('1.2.0');
  });

  /** A pull request that waits in the queue for the checks of its group. */
  const queued = async () => {
    world.ops.ruleset('queue', queue({ requiredChecks: ['ci'] }));
    await run('1.1.0');
    await pass((await world.ops.refs())['refs/heads/ostack/staging/shop'] ?? '');
    await run('1.1.0');
  };

  test.each([0, 4])('loses what is pushed to, and that is not told otherwise: %s requests late', async (late) => {
    await queued();
    delay = late;
    expect(await run('1.2.0', false)).toEqual([{ action: 'updated', reason: '', mergesByItself: false }]);
    await world.stage.github.passTime();
    expect(await run('1.2.0', false)).toEqual([{ action: 'unchanged', reason: '', mergesByItself: false }]);
  });

  test('gets a newer version again, also where GitHub shows the push late', async () => {
    await queued();
    delay = 4;
    // It is still shown in the queue, with the commit before, and this run does not wait until that has passed.
    expect(await run('1.2.0')).toMatchObject([{ action: 'updated', mergesByItself: false }]);
    await pass((await world.ops.refs())['refs/heads/ostack/staging/shop'] ?? '');
    await world.stage.github.passTime();
    expect(await run('1.2.0')).toMatchObject([{ action: 'unchanged', mergesByItself: true }]);
    const groups = Object.entries(await world.ops.refs()).filter(([name]) => name.includes('gh-readonly-queue'));
    await Promise.all(groups.map(([, sha]) => pass(sha)));
    await world.stage.github.passTime();
    await passTime();
    expect(await world.version('shop')).toBe('1.2.0');
  });

  test('that a classic rule asks for, which is not shown, is found out by the refusal', async () => {
    world.ops.protect('main', { mergeQueue: { method: 'squash' } });
    expect(await run('1.1.0')).toEqual([{ action: 'created', reason: BY_QUEUE, mergesByItself: true }]);
    await passTime();
    expect(await world.version('shop')).toBe('1.1.0');
  });

  test('gets it when its checks have passed', async () => {
    world.ops.ruleset('queue', queue({ requiredChecks: ['ci'] }));
    const [first] = await run('1.1.0');
    expect(first).toMatchObject({ action: 'created', mergesByItself: allowAutoMerge });
    const refs = await world.ops.refs();
    await pass(refs['refs/heads/ostack/staging/shop'] ?? '');
    expect(await run('1.1.0')).toEqual([
      { action: 'unchanged', reason: expect.stringContaining(BY_QUEUE), mergesByItself: true },
    ]);
    const [group] = Object.entries(await world.ops.refs()).filter(([name]) => name.includes('gh-readonly-queue'));
    await pass(group?.[1] ?? '');
    await passTime();
    expect(await world.version('shop')).toBe('1.1.0');
  });
});
