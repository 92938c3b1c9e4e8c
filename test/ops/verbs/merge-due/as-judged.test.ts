import { expect, test } from '@jest/globals';
import { isAsJudged } from '../../../../src/ops/verbs/merge-due/as-judged.js';

type Seen = NonNullable<Parameters<typeof isAsJudged>[0]>;

const seen: Seen = {
  ...{ state: 'OPEN', headRefOid: 'h1', baseRefName: 'main', isDraft: false, headRef: { target: { oid: 'h1' } } },
  labels: { nodes: [{ name: 'urgent' }, { name: 'ostack/merge-when-allowed' }] },
};
const at = { base: 'main', oid: 'm1' };

/** What changed between the verdict and the merge, and whether it is merged all the same. */
const cases: [string, Partial<Seen>, string, boolean][] = [
  ['nothing', {}, 'm1', true],
  ['how its label is spelt', { labels: { nodes: [{ name: 'Ostack/Merge-When-Allowed' }] } }, 'm1', true],
  ['the default branch', {}, 'm2', false],
  ['its head', { headRefOid: 'h2', headRef: { target: { oid: 'h2' } } }, 'm1', false],
  ['its branch, which it does not show yet', { headRef: { target: { oid: 'h2' } } }, 'm1', false],
  ['its branch, which is gone', { headRef: null }, 'm1', false],
  ['what it goes into', { baseRefName: 'release' }, 'm1', false],
  ['its label', { labels: { nodes: [{ name: 'urgent' }] } }, 'm1', false],
  ['that it is ready', { isDraft: true }, 'm1', false],
  ['that it is open', { state: 'CLOSED' }, 'm1', false],
  ['that somebody merged it', { state: 'MERGED' }, 'm1', false],
];

test.each(cases)('a pull request of which %s changed', (_name, change, newest, expected) => {
  expect(isAsJudged({ ...seen, ...change }, newest, { head: 'h1' }, at)).toBe(expected);
});

test('one that is gone is not merged', () => {
  expect(isAsJudged(undefined, 'm1', { head: 'h1' }, at)).toBe(false);
});
