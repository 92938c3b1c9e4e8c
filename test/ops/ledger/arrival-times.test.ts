import { expect, test } from '@jest/globals';
import { arrivalTimes, type Recorded } from '../../../src/ops/ledger/arrival-times.js';

const at = (hour: number) => new Date(Date.UTC(2026, 10, 1, hour));
const CLAIM = at(1);

/** `d<c,x` is the commit d with the parents c and x, newest first. */
const commits = (...lines: string[]) =>
  lines.map((line) => {
    const [oid = '', parents = ''] = line.split('<');
    return { oid, parents: parents.split(',').filter((parent) => parent !== '') };
  });
const push = (before: string, after: string, hour: number) => ({
  ...{ id: hour, before, after, at: at(hour), actor: 'ada', isForced: false },
});

test.each<[string, string, Recorded, number]>([
  [
    'the end of a push arrived with it, whatever date it claims',
    'b',
    { commits: commits('b<a', 'a<'), pushes: [push('a', 'b', 9)], isComplete: true },
    9,
  ],
  [
    'so did what else it brought',
    'b',
    { commits: commits('c<b', 'b<a', 'a<'), pushes: [push('a', 'c', 9)], isComplete: true },
    9,
  ],
  [
    'and what it merged from elsewhere',
    'x',
    { commits: commits('m<a,x', 'x<a', 'a<'), pushes: [push('a', 'm', 9)], isComplete: true },
    9,
  ],
  [
    'the first push that brought it counts',
    'b',
    { commits: commits('c<b', 'b<a', 'a<'), pushes: [push('b', 'c', 12), push('a', 'b', 9)], isComplete: true },
    9,
  ],
  [
    'what was there before the record begins is as old as it claims',
    'a',
    { commits: commits('b<a', 'a<'), pushes: [push('a', 'b', 9)], isComplete: true },
    1,
  ],
  [
    'but not where there is more of the record than was read',
    'a',
    { commits: commits('b<a', 'a<'), pushes: [push('a', 'b', 9)], isComplete: false },
    9,
  ],
  ['without a record its claim is all there is', 'a', { commits: commits('a<'), pushes: [], isComplete: true }, 1],
])('%s', (_name, oid, recorded, hour) => {
  expect(arrivalTimes(recorded)(oid, CLAIM)).toEqual(at(hour));
});
