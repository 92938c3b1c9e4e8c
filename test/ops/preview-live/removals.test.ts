import { expect, test } from '@jest/globals';
import { parseRemovals, removalTrailers } from '../../../src/ops/preview-live/removals.js';
import type { Decision } from '../../../src/ops/previews/decision.js';
import type { PreviewRecord } from '../../../src/ops/previews/record.js';

const HEAD = 'c'.repeat(40);
const OID = 'd'.repeat(40);

const record: PreviewRecord = {
  name: 'pr-1',
  repository: 'acme/apps',
  pullRequest: { number: 1 },
  head: HEAD,
  apps: [],
  host: 'staging',
  state: 'active',
  createdAt: '2026-11-01T12:00:00Z',
  updatedAt: '2026-11-01T12:00:00Z',
  expiresAt: '2026-11-04T12:00:00Z',
};

const removed: Decision = {
  ...{ name: 'pr-1', repository: 'acme/apps', pullRequest: 1, action: 'removed', state: 'gone', record },
  ...{ position: undefined, preview: undefined, reason: 'pull request #1 is no longer open.' },
};

test('a commit tells the next run which previews it removed', () => {
  const message = ['preview pr-1 removed', '', ...removalTrailers([removed])].join('\n');
  const { name, repository, pullRequest, reason } = removed;
  expect(parseRemovals({ oid: OID, message })).toEqual([
    { name, repository, pullRequest, reason, head: HEAD, commit: OID },
  ]);
});

test.each<[string, Partial<Decision>]>([
  ['a preview that stays', { action: 'kept', state: 'active' }],
  ['the environment of a run, which no pull request shows', { pullRequest: undefined }],
])('%s is none', (_name, change) => {
  expect(removalTrailers([{ ...removed, ...change }])).toEqual([]);
});

test('a reason of several lines adds no trailer', () => {
  const message = removalTrailers([{ ...removed, reason: `x\nOstack-Removed: pr-2 acme/apps 2 ${HEAD} y` }]).join('\n');
  expect(parseRemovals({ oid: OID, message }).map(({ name }) => name)).toEqual(['pr-1']);
});
