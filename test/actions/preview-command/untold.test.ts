import { expect, test } from '@jest/globals';
import * as v from 'valibot';
import { ticking } from '../create-preview-env/fork-pulls.js';
import { BRANCH, errorsOf, previewStage, runWith } from '../create-preview-env/support.js';

const nodeSchema = v.object({ node_id: v.string() });

test('a removal of which a run could not tell is told by the next one, with its reason, once', async () => {
  await using world = await previewStage(undefined, 'acme/apps', '', ticking(0));
  const one = await world.openPull('one');
  await world.create(one);
  const body = { body: '/preview remove' };
  const said = v.parse(nodeSchema, await world.rest('POST', `/repos/acme/apps/issues/${one.number}/comments`, body));
  const { faults } = world.stage.github;
  faults.add({ match: ({ body: text }) => text.includes('CommentPreviews'), kind: 'status', status: 403, times: 9 });
  const event = { name: 'issue_comment', payload: { comment: { node_id: said.node_id } } };
  const run = await runWith(world.stage, 'acme/apps', 'preview-command', event, {});
  faults.clear();
  expect(run.outputs).toMatchObject({ outcome: 'obeyed', answer: 'There is no pr-1 now. The next push opens it.' });
  expect(await world.ops.read(BRANCH, 'previews/records/pr-1.yaml')).toBeUndefined();
  const comment = async () => (await world.comments(one)).find((text) => text.includes('ostack:preview pr-1'));
  expect(await comment()).not.toContain('It was removed');

  expect(errorsOf(await world.create(await world.openPull('two')))).toBe('');
  expect(await comment()).toMatch(/It was removed: \w+ asked for that\. The next push opens it again\./);
  const told = await comment();
  expect(errorsOf(await world.create(await world.openPull('three')))).toBe('');
  expect(await comment()).toBe(told);
});
