import { expect, test } from '@jest/globals';
import { pauseBefore } from '../../../src/ops/pull-requests/write-works.js';

const opens = { step: { do: 'open', leftover: undefined }, open: undefined } as const;
const keeps = { step: { do: 'keep', conflict: false }, open: undefined } as const;

test('new pull requests come at most 80 a minute, and what opens none waits for nothing', () => {
  const works = [...Array.from({ length: 20 }, () => opens), ...Array.from({ length: 20 }, () => keeps)];
  const pauses = [0, 8, 16, 24, 32].map((start) => pauseBefore(works, start));
  expect(pauses).toEqual([0, 6000, 6000, 3000, 0]);
});
