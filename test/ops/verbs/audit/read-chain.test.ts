/** How far one run of the audit goes back, over a reader that has a history of any length. */
import { expect, test } from '@jest/globals';
import * as v from 'valibot';
import type { RepositoryReader } from '../../../../src/github/repository-reader.js';
import { readBack } from '../../../../src/ops/verbs/audit/read-chain.js';

const PAGE = 50;
const oid = (index: number) => `c${index}`;

function commit(index: number, length: number, checks: readonly object[]) {
  return {
    ...{ oid: oid(index), message: 'm', committedDate: '2026-11-01T12:00:00Z', author: { name: 'Ada', user: null } },
    parents: { nodes: index + 1 < length ? [{ oid: oid(index + 1) }] : [] },
    associatedPullRequests: { nodes: [] },
    statusCheckRollup: { contexts: { pageInfo: { hasNextPage: false }, nodes: [...checks] } },
  };
}

const audited = (slug: string) => ({
  ...{ __typename: 'CheckRun', databaseId: 1, name: 'oStack / audit', conclusion: 'success', title: '' },
  ...{ completedAt: null, externalId: '7', checkSuite: { app: { slug } } },
});

/** The history of a branch: `c0` is its newest commit. @param checks the check runs of a commit */
function historyOf(length: number, checks: Record<number, readonly object[]>) {
  let requests = 0;
  const reader: RepositoryReader = {
    async load({ schema }) {
      const first = requests * PAGE;
      requests += 1;
      const count = Math.max(0, Math.min(PAGE, length - first));
      const nodes = Array.from({ length: count }, (_, at) => commit(first + at, length, checks[first + at] ?? []));
      const pageInfo = { hasNextPage: first + PAGE < length, endCursor: String(first + PAGE) };
      return v.parse(schema, { history: { pageInfo, nodes } });
    },
  };
  return { reader, requests: () => requests };
}

test.each<[string, number, Record<number, readonly object[]>, string | undefined, number, number]>([
  ['stops where it was', 5000, { 3: [audited('ops')] }, 'c3', 3, 1],
  ['goes back over pages', 5000, { 120: [audited('ops')] }, 'c120', 120, 3],
  ['finds the last commit that it may look at', 5000, { 1999: [audited('ops')] }, 'c1999', 1999, 40],
  ['looks no further than 2,000 commits', 5000, { 2000: [audited('ops')] }, undefined, 2000, 40],
  ['believes no other App', 5000, { 3: [audited('proposer')], 60: [audited('ops')] }, 'c60', 60, 2],
  ['ends with the first commit of all', 70, {}, undefined, 70, 2],
])('the audit %s', async (_, length, checks, expected, commits, requests) => {
  const history = historyOf(length, checks);
  const back = await readBack(history.reader, oid(0), { branch: 'main', check: 'oStack / audit' }, 'ops');
  expect([back.audited?.oid, back.commits.length, history.requests()]).toEqual([expected, commits, requests]);
  expect(back.isCut).toBe(expected === undefined && commits < length);
});
