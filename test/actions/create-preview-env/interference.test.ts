import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  lines,
  normalise,
  opsFiles,
  type PreviewRun,
  type PreviewStage,
  previewStage,
  type TestPull,
} from './support.js';

/** What is left in the end, whatever way led there. */
async function endState(world: PreviewStage, pulls: readonly TestPull[]) {
  const comments = await Promise.all(pulls.map((pull) => world.comments(pull)));
  const environments = await world.rest('GET', '/repos/acme/apps/environments?per_page=100');
  const names = JSON.stringify(environments).match(/"name":"[^"]+"/g) ?? [];
  return {
    ...(await world.previews()),
    comments: comments.map((texts) => texts.map((text) => normalise(text, world))),
    deployments: (await world.deployments()).map((line) => line.replace(/^(\S+ \S+( http\S+)?).*$/, '$1')),
    environments: names.sort(),
    commits: (await world.ops.log('main')).length,
  };
}

interface Story {
  prepare(world: PreviewStage): Promise<TestPull[]>;
  run(world: PreviewStage, pulls: readonly TestPull[]): Promise<PreviewRun>;
  /** Its requests, counted from the first that writes: the commit. */
  requests: [first: number, last: number];
}

const one = opsFiles('previews: { host: staging, limit: 1, url: "https://{app}.{name}.preview.acme.dev" }');

const stories: Record<string, Story> = {
  'the first run of a pull request': {
    prepare: async (world) => [await world.openPull('one')],
    run: (world, [pull]) => world.create(pull ?? fail()),
    requests: [6, 10],
  },
  'a clean-up that gives the place to the next': {
    async prepare(world) {
      const pulls = [await world.openPull('one'), await world.openPull('two')];
      for (const pull of pulls) {
        await world.create(pull);
      }
      await world.closePull(pulls[0] ?? fail());
      return pulls;
    },
    run: (world, [pull]) => world.cleanup(pull),
    requests: [6, 12],
  },
};

function fail(): never {
  throw new Error('The story has no such pull request.');
}

describe.each(Object.entries(stories))('%s that is killed', (_name, { prepare, run, requests }) => {
  let straight: Awaited<ReturnType<typeof endState>> | undefined;

  beforeAll(async () => {
    await using world = await previewStage(one);
    const pulls = await prepare(world);
    await run(world, pulls);
    straight = await endState(world, pulls);
  });

  test.each(range(...requests))('after request %i ends the same when it runs again', async (skip) => {
    await using world = await previewStage(one);
    const pulls = await prepare(world);
    // 401 is final for this request and all after it, as if the run had been killed; this one took place all the same.
    world.stage.github.faults.add({ match: /./, kind: 'status', status: 401, when: 'after', skip });
    world.stage.github.faults.add({ match: /./, kind: 'status', status: 401, times: 1000, skip: skip + 1 });
    await run(world, pulls);
    world.stage.github.faults.clear();
    const again = await run(world, pulls);
    expect(again.exitCode).toBe(0);
    expect(await endState(world, pulls)).toEqual(straight);
  });
});

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
    const told = await Promise.all(pulls.map(async (pull) => ({ pull, comments: await world.comments(pull) })));
    const wrong = told.filter(
      ({ pull, comments }) =>
        comments.length > 1 || (pull.number % 2 === 1 && !comments[0]?.includes(`\`pr-${pull.number}\`: deploying`)),
    );
    expect(wrong).toEqual([]);
    const claims = told.filter(({ pull, comments }) => pull.number % 2 === 0 && comments[0]?.includes(': deploying'));
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
  ])('of a pull request that closes just before it is told nothing stays, %s', async (_, cleaned) => {
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

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

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
