import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { keepRootIssue } from '../../../src/infra/report/root-issue.js';
import { type EngineWorld, engineWorld } from '../../ops/pull-requests/engine.js';

let world: EngineWorld;
beforeAll(async () => {
  world = await engineWorld();
});
afterEach(() => world.goBack());
afterAll(() => world.close());

const keep = (body: string | undefined, root = 'net') =>
  keepRootIssue(world.connected, { label: 'ostack-apply', root, title: `Apply of ${root}`, body });

async function issues(): Promise<string[]> {
  const { data } = await world.connected.github.octokit.request('GET /repos/{owner}/{repo}/issues', {
    ...{ owner: 'acme', repo: 'ops', labels: 'ostack-apply', state: 'all' },
  });
  return data.map(({ state, title, body }) => `${state}: ${title}: ${(body ?? '').split('\n').at(-1)}`);
}

test('There is one issue a root, which is opened, edited and closed', async () => {
  await keep(undefined);
  expect(await issues()).toEqual([]);
  await keep('one');
  await keep('two');
  await keep('of another root', 'app');
  expect(await issues()).toEqual(
    expect.arrayContaining(['open: Apply of net: two', 'open: Apply of app: of another root']),
  );
  await keep(undefined);
  await keep(undefined, 'app');
  expect(await issues()).toEqual(expect.arrayContaining(['closed: Apply of net: two']));
});

test.each(['x --> <b>', 'x` @acme/all', '.identity', 'live/a.b'])(
  'A root of any name has its own: %s',
  async (root) => {
    await keep('one', root);
    await keep('two', root);
    await keep('other', `${root}2`);
    const { data } = await world.connected.github.octokit.request('GET /repos/{owner}/{repo}/issues', {
      ...{ owner: 'acme', repo: 'ops', labels: 'ostack-apply', state: 'all' },
    });
    const bodies = data.map(({ body }) => body ?? '').sort();
    expect(bodies.map((body) => body.split('\n').at(-1)).sort()).toEqual(['other', 'two']);
    expect(bodies.every((body) => /^<!-- ostack-apply: [^<>]* -->\n/.test(body))).toBe(true);
  },
);

test('One that was opened without an answer is found, and not opened twice', async () => {
  world.stage.github.faults.add({ match: /POST .*\/issues$/, kind: 'reset', when: 'after' });
  await keep('one');
  expect(await issues()).toEqual(['open: Apply of net: one']);
});
