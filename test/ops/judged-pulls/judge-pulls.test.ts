import { expect, test } from '@jest/globals';
import { allowedSince } from '../../../src/ops/judged-pulls/judge-pulls.js';

const EARLY = new Date('2026-11-20T10:00:00Z');
const LATE = new Date('2026-11-20T10:09:00Z');
const check = (conclusion: string, completedAt: Date) => ({
  ...{ id: 1, conclusion, completedAt, title: '', externalId: '', page: '' },
});

test.each<[string, Record<string, ReturnType<typeof check>>, Date | undefined]>([
  [
    'all environments do',
    { 'oStack / gate': check('success', LATE), 'oStack / gate / a': check('success', EARLY) },
    LATE,
  ],
  [
    'an environment does, and another one does not yet',
    { 'oStack / gate': check('failure', LATE), 'oStack / gate / a': check('success', EARLY) },
    undefined,
  ],
  ['nothing says', {}, undefined],
])('GitHub has its time for a merge since the gate allows the head: %s', (_, checks, expected) => {
  expect(allowedSince(new Map(Object.entries(checks)))).toEqual(expected);
});
