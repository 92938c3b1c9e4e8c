import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import {
  BRANCH,
  errorsOf,
  lines,
  OPS_FILES,
  type PreviewRun,
  requestLines,
  runWith,
  type TestPull,
} from '../create-preview-env/support.js';
import { asked, IMAGE, imageOf, leaveRun, type ServedStage, serve, servedStage } from './support.js';

const artifactsSchema = v.object({ artifacts: v.array(v.object({ id: v.number() })) });
const OTHERS = (OPS_FILES['ostack.yaml'] ?? '').replace('host: staging,', 'host: staging, from: [acme/others],');
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

  test('the end of a pull request is asked for the same way, and what ops is not asked to write stays', async () => {
    await using world = await servedStage();
    const pull = await world.openPull('change');
    await asked(world, pull);
    await world.closePull(pull);
    const payload = { repository: 'acme/apps', run: 7, pull_request: pull.number };
    const { run, served } = await withOps(world, world.cleanup(pull, { token: world.proposer }), payload);
    expect(served && lines(served)).toEqual(['pr-1: removed, removed']);
    expect([errorsOf(run), ...lines(run)]).toEqual(['', 'pr-1: removed, removed']);
    expect(await world.previews()).toEqual({ active: [], queued: [] });
    // It is as it should be: nobody is asked.
    const again = await world.cleanup(pull, { token: world.proposer });
    expect(requestLines(again).filter((line) => /dispatches|rules/.test(line))).toEqual([]);
  });

  test('what ops would refuse is told at once, and ops is not asked', async () => {
    await using world = await servedStage(OTHERS);
    const pull = await world.openPull('change');
    const run = await world.create(pull, { images: IMAGES(pull), token: world.proposer });
    expect(errorsOf(run)).toContain(
      'pr-1: acme/apps may ask for no preview: the policy names acme/others. Add it to ostack.yaml of the ops repository: ' +
        '"previews: { host: staging, from: [acme/others, acme/apps] }".',
    );
    expect((await world.comments(pull)).join()).toContain('### Preview `pr-1`: failed');
    expect(requestLines(run).filter((line) => line.includes('dispatches'))).toEqual([]);
  });

  test('what does not come in time has failed, with where to look; the sweep of ops makes it good, and a later run tells', async () => {
    await using world = await servedStage();
    const pull = await world.openPull('change');
    await leaveRun(world, pull);
    const inputs = { images: IMAGES(pull), token: world.proposer, 'ops-timeout': '1s' };
    const late = await world.create(pull, inputs);
    expect(late.exitCode).toBe(1);
    expect(errorsOf(late)).toMatch(
      /pr-1: acme\/ops was asked, and has not written it within 1s. Look at what its workflow says: http\S+\/acme\/ops\/actions\/workflows\/preview-requests.yml/,
    );
    expect(late.summary).toContain('it was not there in time');
    expect((await world.comments(pull)).join()).toContain('### Preview `pr-1`: failed');
    const swept = await serve(world);
    expect([errorsOf(swept), ...lines(swept)]).toEqual(['', 'pr-1: kept, deploying']);
    expect(swept.stdout).toContain('Asked for in vain before: pr-1: opened, deploying');
    const told = await world.create(pull, inputs);
    expect([errorsOf(told), ...lines(told)]).toEqual(['', 'pr-1: unchanged, deploying']);
    expect((await world.comments(pull)).join()).toContain('### Preview `pr-1`: deploying');
  });

  test('a sweep removes what is closed, and takes up nothing that is answered or long ago', async () => {
    let hours = 0;
    await using world = await servedStage(undefined, '', () => new Date(Date.now() + hours * 3_600_000));
    const [closed, answered, old] = [await world.openPull('a'), await world.openPull('b'), await world.openPull('c')];
    await asked(world, closed);
    await asked(world, answered);
    hours = -4;
    await leaveRun(world, old);
    hours = 0;
    await world.closePull(closed);
    const swept = await serve(world);
    expect(lines(swept)).toEqual(['pr-1: removed, removed', 'pr-2: kept, deploying']);
    // All are looked through once.
    expect(requestLines(swept).filter((line) => line.startsWith('OpenOps'))).toHaveLength(1);
    expect(await world.previews()).toEqual({ active: ['pr-2'], queued: [] });
    expect(swept.stdout).not.toContain('Asked for in vain');
  });

  test('a run of an apps repository that does not ask is told who writes', async () => {
    await using world = await servedStage();
    const pull = await world.openPull('change');
    await asked(world, pull);
    await world.closePull(pull);
    const event = { name: 'schedule', payload: {} };
    const run = await runWith(world.stage, 'acme/ops', 'cleanup-preview-env', event, {
      ...{ mode: 'sweep', token: world.proposer },
    });
    expect(errorsOf(run)).toContain('The rules of acme/ops let this App not write the branch ostack/previews');
  });

  test('an environment of a run is asked for by the run itself, and ends when it says so', async () => {
    await using world = await servedStage();
    const pull = await world.openPull('change');
    const payload = { repository: 'acme/apps', run: 7 };
    const own = { run: { id: 7 }, record: { pullRequest: undefined } };
    await leaveRun(world, pull, own);
    const inputs = { for: 'run', images: IMAGES(pull), token: world.proposer };
    const { run, served } = await withOps(world, world.create(pull, inputs), payload);
    expect([errorsOf(run), ...lines(run)]).toEqual(['', 'run-7: opened, deploying']);
    expect(served && lines(served)).toEqual(['run-7: opened, deploying']);
    const { artifacts } = v.parse(artifactsSchema, await world.rest('GET', '/repos/acme/apps/actions/artifacts'));
    await world.rest('DELETE', `/repos/acme/apps/actions/artifacts/${artifacts[0]?.id}`);
    await leaveRun(world, pull, { ...own, record: { ...own.record, affected: [], images: [] } });
    const ended = await withOps(world, world.cleanup(pull, { mode: 'run', token: world.proposer }), payload);
    expect([errorsOf(ended.run), ...lines(ended.run)]).toEqual(['', 'run-7: removed, removed']);
    expect(await world.previews()).toEqual({ active: [], queued: [] });
  });

  test('a command of a person is asked for, too, and what it removed stays away', async () => {
    let minutes = 0;
    await using world = await servedStage(undefined, '', () => new Date(Date.now() + minutes * 60_000));
    const pull = await world.openPull('change');
    await asked(world, pull);
    // GitHub tells seconds, and a command in the second in which it was opened came before that.
    minutes = 1;
    const comment = v.parse(
      v.object({ node_id: v.string() }),
      await world.rest('POST', `/repos/acme/apps/issues/${pull.number}/comments`, { body: '/preview remove' }),
    ).node_id;
    const event = { name: 'issue_comment', payload: { comment: { node_id: comment } } };
    const payload = { repository: 'acme/apps', run: 7, pull_request: pull.number, comment };
    const running = runWith(world.stage, 'acme/apps', 'preview-command', event, { token: world.proposer });
    const { run, served } = await withOps(world, running, payload);
    expect(served && [errorsOf(served), ...lines(served)]).toEqual(['', 'pr-1: removed, removed']);
    expect([errorsOf(run), run.outputs.outcome]).toEqual(['', 'obeyed']);
    expect(await world.previews()).toEqual({ active: [], queued: [] });
    const swept = await serve(world);
    expect([errorsOf(swept), ...lines(swept)]).toEqual(['']);
    expect(await world.previews()).toEqual({ active: [], queued: [] });
  });
});
