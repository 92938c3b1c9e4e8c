import { describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { Cursor } from '../../src/github/page.js';
import { openPullRequests } from '../../src/github/pull-requests.js';
import { type GraphqlAnswer, graphqlServer } from '../support/graphql-server.js';

const HEAD = 'a'.repeat(40);

const node = (number: number) => ({
  ...{ number, headRefOid: HEAD, title: `Change ${number}`, isCrossRepository: number === 3 },
  author: number === 2 ? null : { login: 'mona' },
});

function page(
  nodes: readonly unknown[] | null,
  endCursor: string | null,
  hasNextPage = endCursor !== null,
): GraphqlAnswer {
  const pullRequests = { pageInfo: { hasNextPage, endCursor }, nodes };
  return {
    data: {
      repository: {
        config: { text: 'workspace: growth\n' },
        listens: null,
        defaultBranchRef: { name: 'main' },
        pullRequests,
      },
    },
  };
}

/** Reads the list from a GitHub that answers so, one page after the other. */
async function listed(...pages: GraphqlAnswer[]) {
  const asked: unknown[] = [];
  await using server = await graphqlServer((body) => {
    const { variables } = v.parse(v.object({ variables: v.object({ after: v.unknown() }) }), JSON.parse(body));
    asked.push(variables.after);
    return pages[asked.length - 1] ?? { status: 500 };
  });
  const found = await openPullRequests(server.github, { owner: 'acme', name: 'apps' });
  return { ...found, asked };
}

describe('the list of open pull requests', () => {
  test('has all of them, from all pages', async () => {
    const { pullRequests, configText, asked } = await listed(page([node(1), node(2)], 'x'), page([node(3)], null));
    expect(pullRequests).toEqual([
      { number: 1, headOid: HEAD, title: 'Change 1', author: 'mona', fromFork: false },
      { number: 2, headOid: HEAD, title: 'Change 2', author: undefined, fromFork: false },
      { number: 3, headOid: HEAD, title: 'Change 3', author: 'mona', fromFork: true },
    ]);
    expect([configText, asked]).toEqual(['workspace: growth\n', [null, 'x']]);
  });

  test('is as old as its first question', async () => {
    const before = Date.now();
    let answered = 0;
    await using server = await graphqlServer(() => {
      answered = Date.now();
      return page([], null);
    });
    const { listedAt } = await openPullRequests(server.github, { owner: 'acme', name: 'apps' });
    expect(listedAt.getTime()).toBeGreaterThanOrEqual(before);
    expect(listedAt.getTime()).toBeLessThanOrEqual(answered);
  });

  test('is empty where none is open', async () => {
    expect((await listed(page([], null))).pullRequests).toEqual([]);
  });

  // What is closed on the strength of a list must not be closed because of a failure.
  test.each<[what: string, pages: GraphqlAnswer[], message: string]>([
    ['the first page fails', [{ status: 502 }], 'Unknown error'],
    ['a later page fails', [page([node(1)], 'x'), { status: 502 }], 'Unknown error'],
    ['a page has an error beside its nodes', [{ data: null, errors: [{ message: 'Timeout', path: [] }] }], 'Timeout'],
    ['a page has no nodes', [page(null, null)], 'GitHub left out some open pull requests of acme/apps. Run it again.'],
    ['one of them could not be read', [page([node(1), null], null)], 'GitHub left out some open pull requests'],
    ['the repository is out of reach', [{ data: { repository: null } }], 'Could not resolve to a Repository acme/apps'],
    [
      'the next page is nowhere',
      [page([node(1)], null, true)],
      'does not give the open pull requests of acme/apps to the end',
    ],
    ['pages go round', [page([node(1)], 'x'), page([node(2)], 'x')], 'after page 2 comes one that was there before'],
  ])('is none where %s', async (_what, pages, message) => {
    await expect(listed(...pages)).rejects.toThrow(message);
  });
});

test('a list of pages without an end is given up', () => {
  const cursor = new Cursor('the list');
  const goThrough = () => {
    for (let page = 1; ; page += 1) {
      cursor.goOn({ hasNextPage: true, endCursor: `after ${page}` });
    }
  };
  expect(goThrough).toThrow('GitHub does not give the list to the end: there are more than 100 pages.');
});
