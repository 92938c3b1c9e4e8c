import { expect, test } from '@jest/globals';
import { lines, normalise, previewStage, requestLines } from './support.js';

test('a pull request gets its environment, a comment and a deployment', async () => {
  await using world = await previewStage();
  const pull = await world.openPull('change');
  const run = await world.create(pull);
  expect(run.stdout).not.toContain('::error::');
  expect(lines(run)).toEqual(['pr-1: opened, deploying']);
  expect(requestLines(run)).toMatchSnapshot('requests');
  expect(normalise(JSON.stringify(run.outputs, undefined, 1), world)).toMatchSnapshot('outputs');
  expect((await world.comments(pull)).map((text) => normalise(text, world))).toMatchSnapshot('comment');
  expect(normalise(run.summary, world)).toMatchSnapshot('summary');
  expect(await world.deployments()).toEqual(['pr-1: in_progress https://my-app.pr-1.preview.acme.dev']);
  expect(await world.previews()).toEqual({ active: ['pr-1'], queued: [] });
  expect(await world.ops.read('ostack/previews', 'previews/pr-1/my-app/kustomization.yaml')).toContain('aaaaaaa');
  const [commit] = await world.ops.log('ostack/previews');
  expect(normalise(commit?.message ?? '', world)).toMatchSnapshot('commit');
});
