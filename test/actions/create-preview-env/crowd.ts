import { expect } from '@jest/globals';
import { opsFiles, previewStage, type TestPull } from './support.js';

/**
 * Pull requests that are opened and, every other one, closed by runs at the same time, end in exactly the right environments.
 *
 * @param count of pull requests
 */
export async function crowd(count: number): Promise<void> {
  await using world = await previewStage(opsFiles(`previews: { host: staging, limit: ${count} }`));
  const pulls: TestPull[] = [];
  for (let index = 1; index <= count; index++) {
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
  const claims = reported.filter(({ pull, comments }) => pull.number % 2 === 0 && comments[0]?.includes(': deploying'));
  expect(claims).toEqual([]);
  const heads = pulls.filter(({ number }) => number % 2 === 1).map(({ number, head }) => [`pr-${number}`, head]);
  for (const [name, head] of heads) {
    expect(await world.ops.read('ostack/previews', `previews/records/${name}.yaml`)).toContain(`head: ${head}`);
  }
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
