import { expect, test } from '@jest/globals';
import { landedElsewhere, landedIn, waitsElsewhere, waitsIn } from '../../../src/ops/pull-requests/landed.js';

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
  const landed = landedIn({ pullRequest: { mergeCommit: commit } });
  const waits = waitsIn({ pullRequest: { baseRef: { target: commit } } });
  expect([landedElsewhere(landed, { holdsText }), waitsElsewhere(waits, { holdsText })]).toEqual([differ, differ]);
});

test.each([undefined, null, {}, { pullRequest: null }, { pullRequest: { mergeCommit: null, baseRef: null } }])(
  'where %j is all that GitHub says, a merge is looked at again and a wait is not',
  (payload) => {
    const repo = { holdsText: undefined };
    expect(landedElsewhere(landedIn(payload), repo)).toBe(true);
    expect(waitsElsewhere(waitsIn(payload), repo)).toBe(false);
  },
);
