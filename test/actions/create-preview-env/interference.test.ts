import { describe, expect, test } from '@jest/globals';
import { crowd } from './crowd.js';
import { lines, previewStage } from './support.js';

describe('with others at the same time', () => {
  test('pull requests opened and closed by concurrent runs end in exactly the right environments', async () => {
    await crowd(12);
  }, 120_000);

  test('of a pull request that closes while its environment is made nothing stays', async () => {
    await using world = await previewStage();
    const pull = await world.openPull('change');
    let closed = false;
    world.stage.github.faults.add({
      match: ({ operation }) => {
        if (operation === 'OpenOps' && !closed) {
          closed = true;
          void world.closePull(pull).then(() => world.cleanup(pull));
        }
        return operation === 'OpenOps';
      },
      kind: 'latency',
      ms: 2500,
    });
    const run = await world.create(pull);
    expect(lines(run)).toEqual(['pr-1: removed, removed']);
    expect(await world.previews()).toEqual({ active: [], queued: [] });
  });

  test.each([
    ['and its clean-up has come and gone', true],
    ['and nobody cleans up', false],
  ])('of a pull request that closes just before its comment is written nothing stays, %s', async (_, cleaned) => {
    await using world = await previewStage();
    const pull = await world.openPull('change');
    let closed: Promise<unknown> | undefined;
    world.stage.github.faults.add({
      match: ({ operation }) => {
        if (operation === 'CommentPreviews') {
          closed ??= world.closePull(pull).then(() => (cleaned ? world.cleanup(pull) : undefined));
        }
        return operation === 'CommentPreviews';
      },
      kind: 'latency',
      ms: cleaned ? 3000 : 300,
    });
    expect((await world.create(pull)).exitCode).toBe(0);
    await closed;
    expect(await world.previews()).toEqual({ active: [], queued: [] });
    expect(await world.comments(pull)).toEqual([expect.stringContaining('ostack:state removed')]);
    expect((await world.deployments()).filter((line) => !line.includes(': inactive'))).toEqual([]);
  });

  test('a person who pushes to what is deployed in between is no obstacle', async () => {
    await using world = await previewStage();
    const pull = await world.openPull('change');
    world.stage.github.faults.add({
      match: ({ operation }) => {
        if (operation === 'CommitPreviews') {
          void world.ops.commit('main', { 'mine.txt': 'mine\n' }, 'mine', { name: 'Ada', email: 'ada@acme.dev' });
        }
        return operation === 'CommitPreviews';
      },
      kind: 'latency',
      ms: 300,
    });
    const run = await world.create(pull);
    expect(lines(run)).toEqual(['pr-1: opened, deploying']);
    const [opened, ...others] = await world.ops.log('ostack/previews');
    expect([opened?.message.split('\n')[0], others]).toEqual(['preview pr-1 opened', []]);
  });

  test('a commit whose answer is lost is not made twice', async () => {
    await using world = await previewStage();
    const pull = await world.openPull('change');
    world.stage.github.faults.add({ match: /CommitPreviews/, kind: 'reset', when: 'after' });
    const run = await world.create(pull);
    expect(run.exitCode).toBe(0);
    expect(await world.ops.log('ostack/previews')).toHaveLength(1);
    expect(await world.comments(pull)).toHaveLength(1);
  });
});
