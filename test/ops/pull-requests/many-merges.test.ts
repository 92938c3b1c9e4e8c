import { expect, test } from '@jest/globals';
import * as v from 'valibot';
import { waitForMerges } from '../../../src/ops/pull-requests/merge.js';
import type { RepositoryState } from '../../../src/ops/repository/repository-state.js';
import { graphqlServer } from '../../support/graphql-server.js';
import { REPO } from './support.js';

const OPENING: RepositoryState = { ...REPO, guarded: true };

const HEAD = 'a'.repeat(40);

const asked = v.object({ query: v.string(), variables: v.object({ ids: v.optional(v.array(v.string())) }) });

test('of two hundred pull requests a hundred are looked at in one request, and eight are merged in one', async () => {
  const looks: number[] = [];
  const merges: number[] = [];
  await using server = await graphqlServer((body) => {
    const { query, variables } = v.parse(asked, JSON.parse(body));
    if (variables.ids !== undefined) {
      looks.push(variables.ids.length);
      const state = {
        state: 'OPEN',
        mergeStateStatus: 'CLEAN',
        isInMergeQueue: false,
        headRefOid: HEAD,
        headRef: null,
        mergeCommit: null,
        baseRef: null,
      };
      return { data: { nodes: variables.ids.map((id) => ({ id, ...state })) } };
    }
    const aliases = [...query.matchAll(/(\w+): mergePullRequest\b/g)].map(([, alias]) => alias ?? '');
    merges.push(aliases.length);
    return { data: Object.fromEntries(aliases.map((alias) => [alias, { pullRequest: { mergeCommit: null } }])) };
  });
  const all = Array.from({ length: 200 }, (_, index) => ({
    ...{ pullRequest: { id: `PR_${index}`, number: index }, labels: [], known: undefined, headOid: HEAD },
    ...{ changed: true, merges: true, message: { headline: 'shop', body: '' }, others: [] },
  }));
  const merged = await waitForMerges(server.github, OPENING, 'SQUASH', all, { timeoutMs: 0, pollMs: 0 });
  expect(merged.filter(({ state }) => state === 'merged')).toHaveLength(200);
  expect(looks).toEqual([100, 100]);
  expect(merges).toEqual(Array.from({ length: 25 }, () => 8));
});
