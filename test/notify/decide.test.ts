import { expect, test } from '@jest/globals';
import { decide, givesWay, MOST_ATTEMPTS } from '../../src/notify/decide.js';
import type { Mark, MarkState } from '../../src/notify/marks.js';

const marks = (...states: MarkState[]): Mark[] =>
  states.map((state, index) => ({ id: index + 1, key: 'k', state, deploy: undefined }));

test.each<[MarkState[], once: string, repeatable: string]>([
  [[], 'tell', 'tell'],
  [['claimed'], 'unclear', 'tell'],
  [['unclear'], 'unclear', 'tell'],
  [['failed'], 'tell', 'tell'],
  [['withdrawn'], 'tell', 'tell'],
  [['failed', 'told'], 'told', 'told'],
  [['claimed', 'told'], 'told', 'told'],
  [['given-up'], 'given-up', 'given-up'],
  [Array(MOST_ATTEMPTS - 1).fill('failed'), 'tell', 'tell'],
  [Array(MOST_ATTEMPTS).fill('failed'), 'given-up', 'given-up'],
  [Array(MOST_ATTEMPTS).fill('unclear'), 'unclear', 'given-up'],
])('after %j a message that must not come twice is: %s; another one: %s', (states, once, repeatable) => {
  expect([decide(marks(...states), false), decide(marks(...states), true)]).toEqual([once, repeatable]);
});

test.each<[MarkState[], boolean]>([
  [['claimed'], false],
  [['claimed', 'claimed'], true],
  [['unclear', 'claimed'], true],
  [['told', 'claimed'], true],
  [['failed', 'claimed'], false],
  [['withdrawn', 'claimed'], false],
])('the last claim of %j gives way: %s', (states, gives) => {
  const all = marks(...states);
  expect(givesWay({ id: all.length }, all)).toBe(gives);
});
