import { expect, test } from '@jest/globals';
import {
  holdsChangedAtMerge,
  holdsChangedSince,
  mergedPullRequest,
  waitingPullRequest,
} from '../../../src/ops/pull-requests/holds-at-merge.js';

const holds = (text: string) => ({ file: { object: { text } } });
const NONE = { file: null };

test.each([
  ['the same holds', holds('- a\n'), '- a\n', false],
  ['other holds', holds('- b\n'), '- a\n', true],
  ['holds where there were none', holds('- a\n'), undefined, true],
  ['none where there were some', NONE, '- a\n', true],
  ['none, as before', NONE, undefined, false],
  ['holds that are no text', { file: { object: { text: null } } }, '- a\n', true],
])('%s on the merge commit, or on the base of what waits', (_what, commit, holdsText, differ) => {
  const landed = mergedPullRequest({ pullRequest: { mergeCommit: commit } });
  const waits = waitingPullRequest({ pullRequest: { baseRef: { target: commit } } });
  expect([holdsChangedAtMerge(landed, { holdsText }), holdsChangedSince(waits, { holdsText })]).toEqual([
    differ,
    differ,
  ]);
});

test.each([undefined, null, {}, { pullRequest: null }, { pullRequest: { mergeCommit: null, baseRef: null } }])(
  'where %j is all that GitHub says, a merge is looked at again and a wait is not',
  (payload) => {
    const repo = { holdsText: undefined };
    expect(holdsChangedAtMerge(mergedPullRequest(payload), repo)).toBe(true);
    expect(holdsChangedSince(waitingPullRequest(payload), repo)).toBe(false);
  },
);
