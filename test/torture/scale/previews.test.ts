import { expect, test } from '@jest/globals';
import { copyPreview } from '../../actions/create-preview-env/copies.js';
import { BRANCH, opsFiles, previewStage, runWith, type TestPull } from '../../actions/create-preview-env/support.js';
import { record } from '../table.js';

/** A thousand pull requests take minutes to make: the torture only. */
const MANY = process.env.OSTACK_TORTURE === 'all' ? 1000 : 4;

/** Requests of a sweep that finds one preview to remove. */
const BASE_REQUESTS = 20;

test(`${MANY} previews whose pull requests were closed unseen go in one commit, and are told in few requests`, async () => {
  await using world = await previewStage(opsFiles(`previews: { host: staging, limit: ${MANY} }`));
  const { stage, ops } = world;
  const pulls: TestPull[] = [];
  for (let index = 1; index <= MANY; index += 1) {
    pulls.push(await world.openPull(`branch-${index}`));
  }
  await world.create(pulls[0] ?? pulls.reduce((pull) => pull));
  await copyPreview(world, pulls);
  const permissions = { contents: 'read', pull_requests: 'write', deployments: 'write' } as const;
  const apps = stage.github.issueToken({ repositories: ['acme/apps'], permissions });
  const sweep = () => {
    const inputs = { mode: 'sweep', 'github-token': apps };
    return runWith(stage, 'acme/ops', 'cleanup-preview-env', { name: 'schedule', payload: {} }, inputs);
  };
  // Nobody has told of the copies yet.
  expect((await sweep()).exitCode).toBe(0);
  const half = pulls.filter(({ number }) => number % 2 === 0);
  for (const pull of half) {
    await world.closePull(pull);
  }
  expect((await world.previews()).active).toHaveLength(MANY);
  const before = (await ops.log(BRANCH)).length;
  const run = await sweep();
  expect(run.exitCode).toBe(0);
  expect((await world.previews()).active).toEqual(
    pulls.filter((pull) => !half.includes(pull)).map(({ number }) => `pr-${number}`),
  );
  expect((await ops.log(BRANCH)).length - before).toBe(1);
  expect((await world.comments(half[0] ?? pulls.reduce((pull) => pull))).join()).toContain(': removed');
  const writes = half.length / 20 + half.length / 25;
  expect(run.requests.length).toBeLessThanOrEqual(BASE_REQUESTS + MANY / 20 + writes);
  record({ scenario: 'scale: previews reconciled in one commit', tried: MANY, survived: MANY });
}, 900_000);
