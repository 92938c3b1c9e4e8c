import { describe, expect, test } from '@jest/globals';
import { mergeSentence, pullRequestBody, startedBy, why } from '../../../src/ops/pull-requests/body.js';
import type { ClusterChanges } from '../../../src/ops/render/cluster-changes.js';
import type { ResourceChange } from '../../../src/ops/render/compare-resources.js';

const change = (name: string, flag?: string): ResourceChange => ({
  ...{ action: flag === undefined ? 'changed' : 'removed', apiVersion: 'v1', kind: 'Namespace', namespace: '', name },
  ...{ app: '', previousName: undefined, diff: '@@ -1 +1 @@\n-a\n+b\n', flag },
});

const CLUSTERS: ClusterChanges = {
  groups: [
    { environment: 'production', app: 'shop', changes: [change('shop'), change('old', 'Namespace old is deleted.')] },
  ],
  problems: [
    { folder: 'overlays/production/cart', problem: 'overlays/production/cart does not build: no cart.yaml' },
    { folder: 'overlays/production/mailer', problem: 'it took more than 120 seconds' },
  ],
};

const text = {
  head: ['Brings **shop** to production.', ''],
  clusters: CLUSTERS,
  diff: '--- a/x\n+++ b/x\n@@ -1 +1 @@\n-1\n+2\n',
  more: () => 'Release notes.',
  next: 'A person merges it.',
};

test('a pull request says what it does, what becomes of the clusters, more, the changed lines, and what is next', () => {
  expect(pullRequestBody(text, 60_000)).toMatchSnapshot();
});

test('where nothing can be rendered a line says so, and where nothing changes there is none', () => {
  const nothing = pullRequestBody({ ...text, clusters: { unavailable: 'There is no kustomize.' } }, 60_000);
  expect(nothing).toContain('\n\n_There is no kustomize._\n\nRelease notes.');
  expect(pullRequestBody({ ...text, clusters: undefined }, 60_000)).not.toContain('clusters');
  const same = { groups: [{ environment: 'production', app: 'shop', changes: [] }], problems: [] };
  expect(pullRequestBody({ ...text, clusters: same }, 60_000)).toContain('Nothing that runs in the clusters changes.');
});

describe('however much there is to say, it stays within its limit', () => {
  test.each([2000, 5000, 60_000])('of %d bytes', (limit) => {
    const long = `${'x'.repeat(99)}\n`.repeat(1000);
    const groups = Array.from({ length: 50 }, (_, index) => ({
      ...{ environment: 'production', app: `app-${index}` },
      changes: [{ ...change(`app-${index}`), diff: long }],
    }));
    const told = pullRequestBody(
      { ...text, clusters: { groups, problems: [] }, diff: long, more: (room) => 'n'.repeat(Math.max(0, room)) },
      limit,
    );
    expect(Buffer.byteLength(told)).toBeLessThanOrEqual(limit);
    expect(told).toContain('Brings **shop** to production.');
  });
});

test.each([
  [true, 'It merges by itself once its checks and the policy allow.'],
  [false, 'A person merges it.'],
])('who merges it: by itself %s', (merges, sentence) => {
  expect(mergeSentence(merges)).toBe(sentence);
});

test.each([
  ['ann_b', 'https://github.test/runs/7', 'Started by ann\\_b in [this run](https://github.test/runs/7).'],
  ['ann', '', 'Started by ann.'],
  ['', 'https://github.test/runs/7', 'Started in [this run](https://github.test/runs/7).'],
  ['', '', ''],
])('of who started it (%j, %j) it says only what is known', (by, runUrl, words) => {
  expect(startedBy(by, runUrl)).toBe(words);
});

test('a reason is told where there is one', () => {
  expect(why('*it* broke')).toBe('**Why:** \\*it\\* broke');
  expect(why(undefined)).toBe('');
});
