import { describe, expect, test } from '@jest/globals';
import { lines, opsFiles, previewStage, type TestPull } from './support.js';

describe('with others at the same time', () => {
  test('thirty pull requests opened and closed by concurrent runs end in exactly the right environments', async () => {
    await using world = await previewStage(opsFiles('previews: { host: staging, limit: 30 }'));
    const pulls: TestPull[] = [];
    for (let index = 1; index <= 30; index++) {
      pulls.push(await world.openPull(`branch-${index}`));
    }
    const runs = await inParallel(6, pulls, async (pull) => {
      const created = world.create(pull);
      if (pull.number % 2 === 1) {
        return [await created];
      }
      await world.closePull(pull);
      return Promise.all([created, world.cleanup(pull)]);
    });
    expect(runs.flat().filter(({ exitCode }) => exitCode !== 0)).toEqual([]);
    const odd = pulls.filter(({ number }) => number % 2 === 1).map(({ number }) => `pr-${number}`);
    expect(await world.previews()).toEqual({ active: odd, queued: [] });
    const reported = await Promise.all(pulls.map(async (pull) => ({ pull, comments: await world.comments(pull) })));
    const wrong = reported.filter(
      ({ pull, comments }) =>
        comments.length > 1 || (pull.number % 2 === 1 && !comments[0]?.includes(`\`pr-${pull.number}\`: deploying`)),
    );
    expect(wrong).toEqual([]);
    const claims = reported.filter(
      ({ pull, comments }) => pull.number % 2 === 0 && comments[0]?.includes(': deploying'),
    );
    expect(claims).toEqual([]);
    const heads = pulls.filter(({ number }) => number % 2 === 1).map(({ number, head }) => [`pr-${number}`, head]);
    for (const [name, head] of heads) {
      expect(await world.ops.read('main', `.ostack/previews/${name}.yaml`)).toContain(`head: ${head}`);
    }
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

  test('a person who pushes to ops in between is no obstacle', async () => {
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
    expect((await world.ops.log('main')).map(({ message }) => message.split('\n')[0])).toEqual([
      'preview pr-1 opened',
      'mine',
      'Initial commit',
    ]);
  });

  test('a commit whose answer is lost is not made twice', async () => {
    await using world = await previewStage();
    const pull = await world.openPull('change');
    world.stage.github.faults.add({ match: /CommitPreviews/, kind: 'reset', when: 'after' });
    const run = await world.create(pull);
    expect(run.exitCode).toBe(0);
    expect(await world.ops.log('main')).toHaveLength(2);
    expect(await world.comments(pull)).toHaveLength(1);
  });
});

/** Works on a list, a few at a time. */
async function inParallel<T, R>(width: number, items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const queue = [...items];
  const results: R[] = [];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
      results.push(await work(item));
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}
