import { describe, expect, test } from '@jest/globals';
import { seededDelays } from '../../../src/local/github/world/delays.js';
import { startStage } from '../../../src/local/stage.js';
import { at, graphql, rest, stageWith } from './support.js';

const MODIFIED = [409, 'Head branch was modified. Review and try the merge again.'];
const QUEUED = 'query($id: ID!) { node(id: $id) { ... on PullRequest { state isInMergeQueue headRefOid } } }';
const ENQUEUE =
  'mutation($id: ID!) { enqueuePullRequest(input: { pullRequestId: $id }) { mergeQueueEntry { state } } }';

/** A pull request that records four requests late that its branch was pushed to, in a repository that deletes branches. */
async function opened(queue = false) {
  const stage = await startStage({ delays: { head: () => 4 } });
  const options = { deleteBranchOnMerge: true };
  const repository = await stage.github.createRepository('acme/app', { files: { a: 'a\n' } }, options);
  if (queue) {
    repository.ruleset('queue', {
      ...{ target: 'branch', include: ['~DEFAULT_BRANCH'] },
      rules: { mergeQueue: { method: 'squash' } },
    });
  }
  const token = stage.github.issueToken({ actor: 'bumper[bot]' });
  const first = await repository.commit('topic', { b: 'b\n' }, 'b');
  const { body } = await rest(stage, 'POST /repos/acme/app/pulls', { title: 'B', head: 'topic', base: 'main' }, token);
  const id = at(body, 'node_id');
  return {
    ...{ stage, repository, first },
    async merge(sha?: string) {
      const { status, body: answer } = await rest(stage, 'PUT /repos/acme/app/pulls/1/merge', { sha }, token);
      return [status, at(answer, 'message')];
    },
    ask: async (query: string) => (await graphql(stage, query, { id }, token)).data,
    [Symbol.asyncDispose]: () => stage.close(),
  };
}

describe('a pull request whose branch was pushed to this moment', () => {
  test.each<[string, (first: string, second: string) => string | undefined]>([
    ['the commit that it shows', (first) => first],
    ['the one that was pushed', (_first, second) => second],
    ['no commit', () => undefined],
  ])('is not merged by who means %s', async (_name, meant) => {
    await using world = await opened();
    const second = await world.repository.commit('topic', { c: 'c\n' }, 'c');
    expect(await world.merge(meant(world.first, second))).toEqual(MODIFIED);
    expect(await world.repository.read('topic', 'c')).toBe('c\n');
    await world.stage.github.passTime();
    expect((await world.merge(second))[0]).toBe(200);
    expect(await world.repository.read('main', 'c')).toBe('c\n');
    expect((await world.repository.refs())['refs/heads/topic']).toBeUndefined();
  });

  test('is not put into the merge queue', async () => {
    await using world = await opened(true);
    await world.repository.commit('topic', { c: 'c\n' }, 'c');
    expect(await world.ask(ENQUEUE)).toEqual({ enqueuePullRequest: null });
    await world.stage.github.passTime();
    expect(await world.ask(ENQUEUE)).toMatchObject({ enqueuePullRequest: { mergeQueueEntry: {} } });
  });

  test('leaves the merge queue when it shows the commit, and is not merged without it', async () => {
    await using world = await opened(true);
    await world.ask(ENQUEUE);
    const second = await world.repository.commit('topic', { c: 'c\n' }, 'c');
    expect(await world.ask(QUEUED)).toMatchObject({ node: { isInMergeQueue: true, headRefOid: world.first } });
    await world.stage.github.passTime();
    expect(await world.ask(QUEUED)).toEqual({ node: { state: 'OPEN', isInMergeQueue: false, headRefOid: second } });
    expect(Object.keys(await world.repository.refs()).filter((name) => name.includes('queue'))).toEqual([]);
  });
});

describe('seeded delays', () => {
  const drawn = (seed: number) => {
    const { head, merge } = seededDelays(seed);
    return Array.from({ length: 60 }, () => [head(), merge()]);
  };

  test('are the same for one seed, and other ones for another', () => {
    expect(drawn(1)).toEqual(drawn(1));
    expect(drawn(1)).not.toEqual(drawn(2));
  });

  test('are none, one or some', () => {
    expect(new Set(drawn(3).map(([head]) => head))).toEqual(new Set([0, 1, 2, 3, 4]));
    expect(new Set(drawn(3).map(([, merge]) => merge))).toEqual(new Set([0, 1, 2]));
  });

  test('pass by themselves where nobody asks', async () => {
    const { stage, repository } = await stageWith({ a: 'a\n' }, { delays: { head: () => 4, idleMs: 1 } });
    await using _stage = stage;
    await repository.commit('topic', { b: 'b\n' }, 'b');
    await rest(stage, 'POST /repos/acme/app/pulls', { title: 'B', head: 'topic', base: 'main' });
    const seen = new Promise<unknown>((resolve) => {
      stage.github.on(({ action, sha }) => (action === 'synchronize' ? resolve(sha) : undefined));
    });
    const pushed = await repository.commit('topic', { c: 'c\n' }, 'c');
    expect([pushed, (await repository.refs())['refs/pull/1/head']]).toContain(pushed);
    await seen;
    expect((await repository.refs())['refs/pull/1/head']).toBe(pushed);
  });
});
