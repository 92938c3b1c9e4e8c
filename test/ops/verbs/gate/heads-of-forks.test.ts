/** Which heads of a fork may have been allowed: nothing of this repository lists the pushes to it. */
import { expect, test } from '@jest/globals';
import * as v from 'valibot';
import type { RepositoryReader } from '../../../../src/github/repository-reader.js';
import { headsOfFork } from '../../../../src/ops/verbs/gate/heads-of-forks.js';

const forced = (before: string | null, after: string | null, older: readonly string[] = []) => ({
  afterCommit: after === null ? null : { oid: after },
  beforeCommit: before === null ? null : { oid: before, history: { nodes: older.map((oid) => ({ oid })) } },
});

function readerOf(commits: readonly string[], events: readonly object[]): RepositoryReader {
  const nodes = commits.map((oid) => ({ commit: { oid } }));
  const pull = { commits: { nodes }, timelineItems: { nodes: [...events] } };
  return { load: async ({ schema }) => v.parse(schema, pull) };
}

test.each<[string, string[], object[], string[]]>([
  ['each commit that it has', ['a', 'b'], [], ['a', 'b']],
  ['what it had before it was forced', ['b'], [forced('a', 'b')], ['a', 'b']],
  ['what lay below that', ['c'], [forced('b', 'c', ['b', 'a'])], ['a', 'b', 'c']],
  ['what it was forced to, and away from', ['c'], [forced('a', 'b'), forced('b', 'c')], ['a', 'b', 'c']],
  ['what is left where commits are gone', ['c'], [forced(null, 'b'), forced('a', null)], ['a', 'b', 'c']],
])('of a fork counts %s', async (_, commits, events, expected) => {
  expect([...new Set(await headsOfFork(readerOf(commits, events), 7))].sort()).toEqual(expected);
});
