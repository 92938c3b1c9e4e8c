import { describe, expect, test } from '@jest/globals';
import type { TestCase } from '../../src/app-tests/junit/report.js';
import { type Attempt, resultOf } from '../../src/app-tests/result.js';
import { testCase } from './support.js';

const failure = { message: 'no', details: '' };
const passes = testCase('a');
const fails = testCase('a', { outcome: 'failed', failure });
const skips = testCase('a', { outcome: 'skipped' });
const attempt = (passed: boolean, cases?: TestCase[]): Attempt => ({
  passed,
  problem: passed ? undefined : 'exit code 1',
  durationMs: 10,
  cases,
});
const named = { app: 'shop', command: 'npm test' };
const briefly = (tests: TestCase[] | undefined) => tests?.map(({ name, outcome }) => `${name} ${outcome}`);

describe('the result of an app', () => {
  test.each<[string, Attempt[], boolean, string[] | undefined, string[]]>([
    ['passes', [attempt(true, [passes])], true, ['a passed'], []],
    ['fails', [attempt(false, [fails])], false, ['a failed'], []],
    ['without reports is the exit code', [attempt(true)], true, undefined, []],
    ['passes at the second try', [attempt(false, [fails]), attempt(true, [passes])], true, ['a passed'], ['a passed']],
    ['fails at both', [attempt(false, [fails]), attempt(false, [fails])], false, ['a failed'], []],
    [
      'knows what is flaky among what fails',
      [attempt(false, [fails, testCase('b')]), attempt(false, [passes, testCase('b', { outcome: 'failed' })])],
      false,
      ['a passed', 'b failed'],
      ['a passed'],
    ],
    [
      'keeps the tests that the second try did not run again',
      [attempt(false, [fails, testCase('b')]), attempt(true, [passes])],
      true,
      ['a passed', 'b passed'],
      ['a passed'],
    ],
    [
      'believes a second try without a report',
      [attempt(false, [fails]), attempt(true)],
      true,
      ['a passed'],
      ['a passed'],
    ],
    [
      'knows what the framework ran again',
      [attempt(true, [{ ...passes, retried: true }])],
      true,
      ['a passed'],
      ['a passed'],
    ],
    [
      'numbers tests of one name by their order',
      [attempt(false, [passes, fails]), attempt(true, [passes, passes])],
      true,
      ['a passed', 'a passed'],
      ['a passed'],
    ],
  ])('%s', (_, attempts, passed, cases, flaky) => {
    const result = resultOf(named, attempts, 'warning');
    expect([result.passed, briefly(result.cases), briefly(result.flaky)]).toEqual([passed, cases, flaky]);
    expect(result).toMatchObject({ ...named, attempts: attempts.length, durationMs: attempts.length * 10 });
  });

  test('of a flaky test has its first failure', () => {
    const { flaky } = resultOf(named, [attempt(false, [fails]), attempt(true, [passes])], 'warning');
    expect(flaky[0]?.failure).toEqual(failure);
  });
});

describe('no executed test', () => {
  const none = 'no test was executed: the reports have none';
  const unknown = 'no test is known to have been executed: the command wrote no JUnit report that could be read';
  const skipped = 'no test was executed: the reports have 1, all of them skipped';
  test.each<[string, TestCase[] | undefined, 'warning' | 'error', boolean, string | undefined, string | undefined]>([
    ['is a warning', [], 'warning', true, undefined, none],
    ['is a warning where all are skipped', [skips], 'warning', true, undefined, skipped],
    ['is an error where one wants it', [skips], 'error', false, skipped, undefined],
    ['is a warning without reports', undefined, 'warning', true, undefined, unknown],
    ['is an error without reports where one wants it', undefined, 'error', false, unknown, undefined],
    ['is not so where one ran', [skips, testCase('b')], 'error', true, undefined, undefined],
  ])('%s', (_, cases, zeroTests, passed, problem, warning) => {
    expect(resultOf(named, [attempt(true, cases)], zeroTests)).toMatchObject({ passed, problem, warning });
  });

  test('does not cover up a failure', () => {
    expect(resultOf(named, [attempt(false, [])], 'warning')).toMatchObject({
      problem: 'exit code 1',
      warning: undefined,
    });
  });
});
