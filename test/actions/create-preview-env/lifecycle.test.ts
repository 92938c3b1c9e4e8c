import { describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { lines, opsFiles, previewStage, requestLines } from './support.js';

const idsSchema = v.array(v.object({ id: v.number() }));
const ADDRESS = 'https://my-app.pr-1.preview.acme.dev';

describe('the life of an environment', () => {
  test('a push updates it in place: one comment, a deployment for each commit', async () => {
    await using world = await previewStage();
    const pull = await world.openPull('change');
    await world.create(pull);
    const pushed = await world.push(pull);
    const run = await world.create(pushed);
    expect(lines(run)).toEqual(['pr-1: updated, deploying']);
    const comments = await world.comments(pull);
    expect(comments).toHaveLength(1);
    expect(comments[0]).toContain(pushed.head.slice(0, 7));
    expect(await world.deployments()).toEqual([`pr-1: in_progress ${ADDRESS}`, `pr-1: in_progress ${ADDRESS}`]);
  });

  test('the same run once more writes nothing', async () => {
    await using world = await previewStage();
    const pull = await world.openPull('change');
    await world.create(pull);
    const again = await world.create(pull);
    expect(lines(again)).toEqual(['pr-1: unchanged, deploying']);
    expect(requestLines(again).filter((line) => !/^(Open|Read|PreviewFeedback)/.test(line))).toEqual([]);
  });

  test('a run that finishes late for an older commit changes nothing', async () => {
    await using world = await previewStage();
    const pull = await world.openPull('change');
    const pushed = await world.push(pull);
    await world.create(pushed);
    const late = await world.create(pull);
    expect(late.exitCode).toBe(0);
    expect(lines(late)).toEqual(['pr-1: skipped, deploying']);
    expect(await world.ops.read('ostack/previews', 'previews/records/pr-1.yaml')).toContain(pushed.head);
  });

  test('closing it removes everything; doing so twice says so', async () => {
    await using world = await previewStage();
    const pull = await world.openPull('change');
    await world.create(pull);
    await world.closePull(pull);
    const run = await world.cleanup(pull);
    expect(lines(run)).toEqual(['pr-1: removed, removed']);
    expect(await world.previews()).toEqual({ active: [], queued: [] });
    expect(await world.deployments()).toEqual([`pr-1: inactive < in_progress ${ADDRESS}`]);
    expect(await world.comments(pull)).toEqual([expect.stringContaining('### Preview `pr-1`: removed')]);
    const again = await world.cleanup(pull);
    expect(again.exitCode).toBe(0);
    expect(again.stdout).toContain('pr-1: unchanged, removed: pull request #1 is no longer open');
    expect(requestLines(again).filter((line) => /^(Commit|Comment|POST)/.test(line))).toEqual([]);
    expect((await world.comments(pull))[0]).toContain('is no longer open');
  });

  test('however many there are, GitHub gets one environment, and a quiet one is found behind many others', async () => {
    await using world = await previewStage();
    const [quiet, loud] = [await world.openPull('quiet'), await world.openPull('loud')];
    await world.create(quiet);
    await world.create(loud);
    const made = { ref: loud.head, environment: 'preview', task: 'deploy:preview/pr-99' };
    for (let count = 0; count < 100; count++) {
      const path = '/repos/acme/apps/deployments';
      const { id } = v.parse(
        v.object({ id: v.number() }),
        await world.rest('POST', path, { ...made, auto_merge: false, required_contexts: [] }),
      );
      await world.rest('POST', `${path}/${id}/statuses`, { state: 'inactive' });
    }
    await world.closePull(quiet);
    expect(lines(await world.cleanup(quiet))).toContain('pr-1: removed, removed');
    const [own] = v.parse(idsSchema, await world.rest('GET', '/repos/acme/apps/deployments?task=deploy:preview/pr-1'));
    const statuses = await world.rest('GET', `/repos/acme/apps/deployments/${own?.id}/statuses`);
    expect(statuses).toMatchObject([{ state: 'inactive' }, { state: 'in_progress' }]);
    expect(await world.rest('GET', '/repos/acme/apps/environments')).toMatchObject({
      environments: [{ name: 'preview' }],
    });
  });

  test('one that is opened again gets it back', async () => {
    await using world = await previewStage();
    const pull = await world.openPull('change');
    await world.create(pull);
    await world.closePull(pull);
    await world.cleanup(pull);
    await world.rest('PATCH', '/repos/acme/apps/pulls/1', { state: 'open' });
    const run = await world.create(pull);
    expect(lines(run)).toEqual(['pr-1: opened, deploying']);
    expect(await world.deployments()).toEqual([
      `pr-1: inactive < in_progress ${ADDRESS}`,
      `pr-1: in_progress ${ADDRESS}`,
    ]);
    expect(await world.comments(pull)).toEqual([expect.stringContaining('### Preview `pr-1`: deploying')]);
  });

  test('of a pull request that is open nothing is cleaned up', async () => {
    await using world = await previewStage();
    const pull = await world.openPull('change');
    await world.create(pull);
    expect(lines(await world.cleanup(pull))).toEqual(['pr-1: kept, deploying']);
    expect(await world.previews()).toEqual({ active: ['pr-1'], queued: [] });
  });

  test('a close event that never arrived is made good by the next run of any pull request', async () => {
    await using world = await previewStage();
    const [gone, next] = [await world.openPull('gone'), await world.openPull('next')];
    await world.create(gone);
    await world.closePull(gone);
    const run = await world.create(next);
    expect(lines(run)).toEqual(['pr-1: removed, removed', 'pr-2: opened, deploying']);
    expect(await world.comments(gone)).toEqual([expect.stringContaining('removed')]);
    expect(await world.ops.log('ostack/previews')).toHaveLength(2);
    expect(await world.ops.log('main')).toHaveLength(1);
  });

  test('a pull request that changes no app has none', async () => {
    await using world = await previewStage();
    const pull = await world.openPull('change');
    await world.create(pull);
    const run = await world.create(pull, { images: '[]', affected: '[]' });
    expect(lines(run)).toEqual(['pr-1: removed, removed']);
  });

  test('an environment of a run comes and goes with it, and no pull request shows it', async () => {
    await using world = await previewStage();
    const pull = await world.openPull('change');
    const run = await world.create(pull, { for: 'run' });
    expect(run.outputs).toMatchObject({ name: 'run-7', state: 'deploying' });
    expect(await world.ops.read('ostack/previews', 'previews/run-7/kustomization.yaml')).toContain('namespace: run-7');
    expect(lines(await world.cleanup(pull, { mode: 'run' }))).toEqual(['run-7: removed, removed']);
    expect(await world.ops.read('ostack/previews', 'previews/run-7/kustomization.yaml')).toBeUndefined();
    expect(await world.comments(pull)).toEqual([]);
    expect(await world.deployments()).toEqual([]);
  });

  test('a dry run shows what would change', async () => {
    await using world = await previewStage();
    const pull = await world.openPull('change');
    const run = await world.create(pull, { 'dry-run': 'true' });
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toContain('b/previews/pr-1/kustomization.yaml');
    expect(run.summary).toContain('dry run');
    expect(await world.previews()).toEqual({ active: [], queued: [] });
    expect(await world.comments(pull)).toEqual([]);
  });
});

describe('with a limit of one', () => {
  const files = opsFiles('previews: { host: staging, limit: 1 }');

  test('the next ones wait in the queue, report that, and open when a slot is free', async () => {
    await using world = await previewStage(files);
    const pulls = [await world.openPull('one'), await world.openPull('two'), await world.openPull('three')] as const;
    await world.create(pulls[0]);
    const second = await world.create(pulls[1]);
    expect(second.outputs).toMatchObject({ state: 'queued', url: '' });
    expect(lines(second)).toEqual(['pr-1: kept, deploying', 'pr-2: queued, queued 1']);
    await world.create(pulls[2]);
    expect(await world.previews()).toEqual({ active: ['pr-1'], queued: ['pr-2', 'pr-3'] });
    expect((await world.comments(pulls[2]))[0]).toContain('number 2 in the queue');
    await world.closePull(pulls[0]);
    const run = await world.cleanup(pulls[0]);
    expect(lines(run)).toEqual(['pr-1: removed, removed', 'pr-2: opened, deploying', 'pr-3: kept, queued 1']);
    expect(await world.previews()).toEqual({ active: ['pr-2'], queued: ['pr-3'] });
    expect((await world.comments(pulls[1]))[0]).toContain('### Preview `pr-2`: deploying');
    expect((await world.comments(pulls[2]))[0]).toContain('number 1 in the queue');
    expect((await world.deployments()).slice(1)).toEqual(['pr-2: in_progress < queued', 'pr-3: queued < queued']);
  });
});
