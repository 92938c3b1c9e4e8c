import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { BRANCH, errorsOf, type PreviewRun, runWith, type TestPull } from '../create-preview-env/support.js';
import { asked, type ServedStage, serve, servedStage } from './support.js';

const nodeSchema = v.object({ node_id: v.string() });

let world: ServedStage;
let pull: TestPull;
beforeAll(async () => {
  world = await servedStage();
  pull = await world.openPull('change');
  await asked(world, pull);
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

/** Somebody says something on a pull request or an issue. @returns the node id of the comment */
async function say(body: string, actor = 'ada', issue = pull.number): Promise<string> {
  const { stage } = world;
  const answer = await fetch(`${stage.apiUrl}/repos/acme/apps/issues/${issue}/comments`, {
    method: 'POST',
    headers: { authorization: `Bearer ${stage.github.issueToken({ actor })}`, 'content-type': 'application/json' },
    body: JSON.stringify({ body }),
  });
  return v.parse(nodeSchema, await answer.json()).node_id;
}

/** The run in the apps repository, whose key may not write the branch, and that of ops as soon as it is asked. */
async function command(comment: string): Promise<{ run: PreviewRun; served: PreviewRun | undefined }> {
  const { stage, proposer } = world;
  const from = stage.github.requests.length;
  const event = { name: 'issue_comment', payload: { comment: { node_id: comment } } };
  let ended = false;
  const running = runWith(stage, 'acme/apps', 'preview-command', event, { token: proposer }).finally(() => {
    ended = true;
  });
  const hasAsked = () => stage.github.requests.slice(from).some(({ path }) => path.endsWith('/dispatches'));
  while (!ended && !hasAsked()) {
    await setTimeout(5);
  }
  const served = hasAsked() ? await serve(world, payloadOf(comment)) : undefined;
  return { run: await running, served };
}

const payloadOf = (comment: string, more: Record<string, unknown> = {}) => ({
  ...{ repository: 'acme/apps', run: 7, pull_request: pull.number, comment },
  ...more,
});
const record = () => world.ops.read(BRANCH, 'previews/records/pr-1.yaml');

describe('where ops alone writes previews', () => {
  test('a command is asked for, judged by ops again, and answered', async () => {
    const { run, served } = await command(await say('/preview sleep'));
    expect(served && errorsOf(served)).toBe('');
    expect([errorsOf(run), run.outputs.outcome, run.outputs.answer]).toEqual(['', 'obeyed', 'It sleeps.']);
    expect(await record()).toContain('asleepAt');
    expect((await world.comments(pull)).join()).toContain('### Preview `pr-1`: asleep');
  });

  test('one that has gone is opened again as it was', async () => {
    await command(await say('/preview remove'));
    expect(await record()).toBeUndefined();
    const { run } = await command(await say('/preview redeploy'));
    expect([errorsOf(run), run.outputs.outcome, run.outputs.answer]).toEqual(['', 'obeyed', 'It is opened again.']);
    expect(await record()).toContain(`head: ${pull.head}`);
  });

  test('who may not write asks in vain, and ops is not asked', async () => {
    world.apps.role('eve', 'triage');
    const { run, served } = await command(await say('/preview remove', 'eve'));
    expect(served).toBeUndefined();
    expect(run.outputs).toMatchObject({
      outcome: 'refused',
      answer: 'eve may not write to acme/apps: ask somebody who may.',
    });
  });

  test.each<[string, () => Promise<Record<string, unknown>>, string]>([
    [
      'a command of somebody who may not write',
      async () => payloadOf(await say('/preview remove', 'eve')),
      'eve may not write to acme/apps: ask somebody who may.',
    ],
    [
      'a comment that is no command',
      async () => payloadOf(await say('> /preview remove')),
      'The comment is no command',
    ],
    [
      'a command in a block of code',
      async () => payloadOf(await say('    /preview remove')),
      'The comment is no command',
    ],
    [
      'a command on another pull request',
      async () => payloadOf(await say('/preview remove', 'ada', (await world.openPull('other')).number)),
      'The command is on #2, and was named for #1.',
    ],
    ['a comment that is not there', async () => payloadOf('IC_99999999'), 'The comment is no longer there.'],
    [
      'a label that nobody has added',
      async () => payloadOf('', { comment: undefined, label: 'remove' }),
      'The label is no longer there.',
    ],
    [
      'a label that is no command',
      async () => payloadOf('', { comment: undefined, label: 'constructor' }),
      'its payload does not fit at client_payload.label',
    ],
  ])('a dispatch that names %s is refused by ops', async (_, payload, reason) => {
    const before = (await world.ops.refs())[`refs/heads/${BRANCH}`];
    const served = await serve(world, await payload());
    expect(errorsOf(served)).toContain(reason);
    expect((await world.ops.refs())[`refs/heads/${BRANCH}`]).toBe(before);
  });
});
