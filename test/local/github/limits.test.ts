import { describe, expect, test } from '@jest/globals';
import { parse } from 'graphql';
import { pointsOf } from '../../../src/local/github/graphql/points.js';
import { githubLimits, type Stage } from '../../../src/local/stage.js';
import { at, graphql, rest, stageWith } from './support.js';

describe("a document's points", () => {
  // The first is GitHub's own example: 5,101 requests.
  test.each<[string, number, Record<string, unknown>?]>([
    [
      '{ viewer { login repositories(first: 100) { nodes { issues(first: 50) { nodes { labels(first: 60) { nodes { name } } } } } } } }',
      51,
    ],
    ['{ viewer { login } }', 1],
    ['{ viewer { repositories(first: 100) { nodes { id } } } }', 1],
    [
      'query($n: Int!) { viewer { repositories(first: $n) { nodes { issues(last: 1) { totalCount } } } } }',
      1,
      { n: 100 },
    ],
    [
      'query($n: Int!) { viewer { ...Many } } fragment Many on User { repositories(first: $n) { nodes { a: issues(last: 1) { totalCount } b: issues(last: 9) { totalCount } } } }',
      2,
      { n: 100 },
    ],
    [
      'query($ids: [ID!]!) { nodes(ids: $ids) { ... on PullRequest { commits(last: 1) { totalCount } labels(first: 1) { totalCount } } } }',
      2,
      { ids: Array(100).fill('x') },
    ],
  ])('%s', (text, points, variables = {}) => {
    expect(pointsOf(parse(text), undefined, variables)).toBe(points);
  });
});

const limits = { ...githubLimits, points: 3, workflowPoints: 2, contentMinute: 2, contentHour: 3 };
const look = '{ viewer { login } rateLimit { limit remaining } }';
const ask = (stage: Stage, token: string) => graphql(stage, look, {}, token);

describe('the limits', () => {
  test('of points are for an hour, and one for an App', async () => {
    let now = new Date('2026-11-29T12:00:00Z');
    const { stage } = await stageWith(undefined, { limits, now: () => now });
    await using _stage = stage;
    const app = () => stage.github.issueToken({ actor: 'app[bot]', permissions: { contents: 'write' } });
    const workflow = stage.github.issueToken({
      actor: 'github-actions[bot]',
      repositories: ['acme/app'],
      startsWorkflows: false,
    });
    expect((await ask(stage, app())).data).toMatchObject({ rateLimit: { limit: 3, remaining: 2 } });
    await ask(stage, app());
    await ask(stage, app());
    expect(await ask(stage, app())).toEqual({ errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded' }] });
    expect((await ask(stage, workflow)).data).toMatchObject({ rateLimit: { limit: 2, remaining: 1 } });
    now = new Date('2026-11-29T13:00:00Z');
    expect((await ask(stage, app())).data).toMatchObject({ rateLimit: { remaining: 2 } });
    expect(stage.github.requests.map(({ points }) => points)).toEqual([1, 1, 1, 0, 1, 1]);
  });

  test('of content are for a minute and for an hour', async () => {
    let now = new Date('2026-11-29T12:00:00Z');
    const { stage, repository } = await stageWith(undefined, { limits, now: () => now });
    await using _stage = stage;
    const open = async (name: string) => {
      await repository.commit(name, { [name]: name }, name);
      const answer = await rest(stage, 'POST /repos/acme/app/pulls', { title: name, head: name, base: 'main' });
      return [answer.status, answer.headers.get('retry-after')];
    };
    expect([await open('a'), await open('b'), await open('c')]).toEqual([
      [201, null],
      [201, null],
      [403, '60'],
    ]);
    now = new Date('2026-11-29T12:01:00Z');
    expect(await open('d')).toEqual([201, null]);
    now = new Date('2026-11-29T12:10:00Z');
    expect(await open('e')).toEqual([403, '3000']);
    const id = at((await rest(stage, 'GET /repos/acme/app/pulls/1')).body, 'node_id');
    const comment = 'mutation($id: ID!) { addComment(input: { subjectId: $id, body: "x" }) { clientMutationId } }';
    expect((await graphql(stage, comment, { id })).errors).toMatchObject([{ message: 'was submitted too quickly' }]);
  });
});
