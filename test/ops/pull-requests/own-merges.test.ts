import { expect, test } from '@jest/globals';
import { noteOwnMerge } from '../../../src/ops/pull-requests/own-merges.js';

const merge = (oid: string, ...parents: string[]) => ({
  pullRequest: { mergeCommit: { oid, parents: { nodes: parents.map((parent) => ({ oid: parent })) } } },
});

test.each([
  ['right on what was read', [merge('m1', 'read')], ['read', 'm1']],
  ['right on another one of its own', [merge('m1', 'read'), merge('m2', 'm1')], ['read', 'm1', 'm2']],
  ["on somebody else's commit", [merge('m1', 'theirs'), merge('m2', 'm1')], ['read']],
  ['of which GitHub tells nothing', [null, {}, { pullRequest: { mergeCommit: null } }, merge('m1')], ['read']],
])('a merge %s', (_where, payloads, known) => {
  const bases = new Set(['read']);
  for (const payload of payloads) {
    noteOwnMerge(bases, payload);
  }
  expect([...bases]).toEqual(known);
});
