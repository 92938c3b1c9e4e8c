import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { BRANCH, errorsOf, lines, type PreviewRun, type TestPull } from '../create-preview-env/support.js';
import { asked, IMAGE, imageOf, leaveRun, type ServedStage, serve, servedStage } from './support.js';

const IMAGES = (pull: TestPull) => JSON.stringify([{ ...imageOf(pull), reused: false, platforms: [] }]);

/** Runs an action of the apps repository, and serves what it asks for as soon as it has asked. */
async function withOps(
  world: ServedStage,
  running: Promise<PreviewRun>,
  payload: Record<string, unknown>,
): Promise<{ run: PreviewRun; served: PreviewRun | undefined }> {
  const { requests } = world.stage.github;
  const from = requests.length;
  let ended = false;
  void running.finally(() => {
    ended = true;
  });
  const hasAsked = () => requests.slice(from).some(({ path }) => path.endsWith('/dispatches'));
  while (!ended && !hasAsked()) {
    await setTimeout(5);
  }
  const served = hasAsked() ? await serve(world, payload) : undefined;
  return { run: await running, served };
}

describe('where ops alone writes previews', () => {
  test('a run of the apps repository asks, waits until it is there, and tells it as ever', async () => {
    await using world = await servedStage();
    const pull = await world.openPull('change');
    const id = await leaveRun(world, pull);
    const payload = { repository: 'acme/apps', run: id, pull_request: pull.number };
    const asking = world.create(pull, { images: IMAGES(pull), token: world.proposer });
    const { run, served } = await withOps(world, asking, payload);
    expect(served && [errorsOf(served), ...lines(served)]).toEqual(['', 'pr-1: opened, deploying']);
    expect(errorsOf(run)).toBe('');
    expect(lines(run)).toEqual(['pr-1: opened, deploying']);
    expect(await world.ops.read(BRANCH, 'previews/pr-1/my-app/kustomization.yaml')).toContain(IMAGE);
    expect((await world.comments(pull)).join()).toMatch(/written by ops \d+s after it was asked/);
    expect(run.summary).toMatch(/acme\/ops alone writes previews. It was asked at .+, and it was there \d+s later/);
    expect(await world.deployments()).toEqual(['pr-1: in_progress https://my-app.pr-1.preview.acme.dev']);
  });

  test('ops serves what is asked', async () => {
    await using world = await servedStage();
    const pull = await world.openPull('change');
    const run = await asked(world, pull);
    expect([errorsOf(run), run.stderr]).toEqual(['', '']);
    expect(lines(run)).toEqual(['pr-1: opened, deploying']);
  });
});
