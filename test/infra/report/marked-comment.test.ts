import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { writeMarkedComment } from '../../../src/infra/report/marked-comment.js';
import { type EngineWorld, engineWorld } from '../../ops/pull-requests/engine.js';
import { justBefore } from '../../support/just-before.js';

const MARKER = '<!-- ostack: plan -->';

let world: EngineWorld;
beforeAll(async () => {
  world = await engineWorld();
});
afterEach(() => world.goBack());
afterAll(() => world.close());

async function pull(): Promise<number> {
  await world.push('more', { 'a.txt': 'a' });
  const { data } = await world.connected.github.octokit.request('POST /repos/{owner}/{repo}/pulls', {
    ...{ owner: 'acme', repo: 'ops', head: 'more', base: 'main', title: 'More' },
  });
  return data.number;
}

const write = (number: number, text: string, isNew = true) =>
  writeMarkedComment(world.connected, number, { marker: MARKER, text: `${MARKER}\n${text}`, isNew });

async function comments(number: number): Promise<string[]> {
  const { data } = await world.connected.github.octokit.request(
    'GET /repos/{owner}/{repo}/issues/{issue_number}/comments',
    { owner: 'acme', repo: 'ops', issue_number: number },
  );
  return v.parse(v.array(v.object({ body: v.string() })), data).map(({ body }) => body.replace(`${MARKER}\n`, ''));
}

test('a comment is added once, and edited from then on', async () => {
  const number = await pull();
  await write(number, 'none', false);
  expect(await comments(number)).toEqual([]);
  await write(number, 'one');
  await write(number, 'two');
  await write(number, 'three', false);
  expect(await comments(number)).toEqual(['three']);
});

test('of two jobs that found none at once, one comment stays, with what was told last', async () => {
  const number = await pull();
  justBefore(world.stage, 'WriteInfraComment', () => write(number, 'of the second'));
  await write(number, 'of both');
  expect(await comments(number)).toEqual(['of both']);
});

test('another job may have deleted the second comment already', async () => {
  const number = await pull();
  justBefore(world.stage, 'WriteInfraComment', async () => {
    world.stage.github.guard(undefined);
    await Promise.all([write(number, 'x'), write(number, 'x'), write(number, 'x')]);
  });
  await write(number, 'x');
  expect(await comments(number)).toEqual(['x']);
});

test.each([
  ['before', 'status'],
  ['after', 'reset'],
] as const)('what fails %s it takes effect, by a %s, is looked for again', async (when, kind) => {
  const number = await pull();
  for (const text of ['one', 'two']) {
    world.stage.github.faults.add({ match: /WriteInfraComment/, kind, when });
    await write(number, text);
    expect(await comments(number)).toEqual([text]);
  }
});
