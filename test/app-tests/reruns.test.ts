import { expect, test } from '@jest/globals';
import type { TestCase } from '../../src/app-tests/junit/report.js';
import { joinReruns } from '../../src/app-tests/reruns.js';
import { testCase } from './support.js';

const failure = { message: 'no', details: '' };
const fails = (name: string, message = 'no'): TestCase =>
  testCase(name, { outcome: 'failed', failure: { ...failure, message }, durationMs: 2 });
const passes = (name: string): TestCase => testCase(name, { durationMs: 3 });
const briefly = (cases: readonly TestCase[]) => cases.map(({ name, outcome }) => `${name} ${outcome}`);

test.each<[string, TestCase[][], boolean, string[]]>([
  ['a test that failed and then passed', [[fails('a'), passes('b'), passes('a')]], true, ['a passed', 'b passed']],
  ['one that took three tries', [[fails('a'), fails('a'), passes('a')]], true, ['a passed']],
  ['one that still fails', [[fails('a'), fails('a')]], false, ['a failed']],
  ['two of one name that fail in two ways', [[fails('a'), fails('a', 'nor')]], false, ['a failed', 'a failed']],
  [
    'a table, where one of several failed',
    [[passes('a'), fails('a'), passes('a'), fails('b')]],
    false,
    ['a passed', 'a failed', 'a passed', 'b failed'],
  ],
  [
    'a test that was run three times anyway',
    [[fails('a'), passes('a'), passes('a'), fails('b')]],
    false,
    ['a failed', 'a passed', 'a passed', 'b failed'],
  ],
  ['one that passed and then failed', [[passes('a'), fails('a')]], true, ['a passed', 'a failed']],
  ['two of one name that passed', [[passes('a'), passes('a')]], true, ['a passed', 'a passed']],
  ['one beside another that failed for good', [[fails('a'), passes('a'), fails('b')]], false, ['a passed', 'b failed']],
  [
    'two of one name, where nothing else says why the command failed',
    [[fails('a'), passes('a')]],
    false,
    ['a failed', 'a passed'],
  ],
  ['two of one name in two reports', [[fails('a')], [passes('a')]], true, ['a failed', 'a passed']],
])('%s', (_name, reports, succeeded, expected) => {
  expect(briefly(joinReruns(reports, succeeded))).toEqual(expected);
});

test('a joined test has its first failure, the time of all its runs, and is known as tried again', () => {
  expect(joinReruns([[fails('a'), passes('a')]], true)).toEqual([
    testCase('a', { failure, durationMs: 5, retried: true }),
  ]);
});
