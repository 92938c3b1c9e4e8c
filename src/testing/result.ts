import type { TestCase } from './junit/report.js';

/** One try at an app's tests. */
export interface Attempt {
  passed: boolean;
  /** Why it did not pass, a sentence without its full stop. */
  problem: string | undefined;
  durationMs: number;
  /** The tests in the reports that it wrote, `undefined` where it wrote none. */
  cases: TestCase[] | undefined;
}

/** What became of an app's tests. */
export interface AppResult {
  app: string;
  /** What was run; empty where nothing could be. */
  command: string;
  passed: boolean;
  /** Why it did not pass, a sentence without its full stop. */
  problem: string | undefined;
  /** Passed, with something to say all the same. */
  warning: string | undefined;
  attempts: number;
  /** Of all attempts, in milliseconds. */
  durationMs: number;
  /** Every test once, as it ended; `undefined` without reports. */
  cases: TestCase[] | undefined;
  /** Those of `cases` that failed, and then passed. */
  flaky: TestCase[];
}

/** What zero executed tests mean. */
export type ZeroTests = 'warning' | 'error';

/** Puts the attempts of an app together. @param attempts at least one, in order */
export function resultOf(
  { app, command }: { app: string; command: string },
  attempts: readonly Attempt[],
  zeroTests: ZeroTests,
): AppResult {
  const last = attempts.at(-1);
  const passed = last?.passed === true;
  const { cases, flaky } = settle(attempts, passed);
  const idle = passed && (cases ?? []).every(({ outcome }) => outcome === 'skipped');
  const sentence = idleSentence(cases);
  return {
    app,
    command,
    passed: passed && !(idle && zeroTests === 'error'),
    problem: idle && zeroTests === 'error' ? sentence : passed ? undefined : last?.problem,
    warning: idle && zeroTests === 'warning' ? sentence : undefined,
    attempts: attempts.length,
    durationMs: attempts.reduce((sum, { durationMs }) => sum + durationMs, 0),
    cases,
    flaky,
  };
}

/** Why no test counts as executed. Without a report nobody knows, which must not look like tests that passed. */
function idleSentence(cases: AppResult['cases']): string {
  if (cases === undefined) {
    return 'no test is known to have been executed: the command wrote no JUnit report that could be read';
  }
  return `no test was executed: the reports have ${cases.length === 0 ? 'none' : `${cases.length}, all of them skipped`}`;
}

/** The result of an app whose tests could not be run at all. */
export function notRun(app: string, problem: string, command = ''): AppResult {
  return {
    app,
    command,
    passed: false,
    problem,
    warning: undefined,
    attempts: 0,
    durationMs: 0,
    cases: undefined,
    flaky: [],
  };
}

/**
 * Every test as it ended. A test that a later attempt did not report again keeps what it had: some frameworks run only
 * what failed. Where that was a failure and the app passed nevertheless, the test has passed out of sight.
 */
function settle(attempts: readonly Attempt[], passed: boolean): { cases: TestCase[] | undefined; flaky: TestCase[] } {
  const ends = new Map<string, TestCase>();
  const failed = new Set<string>();
  for (const { cases = [] } of attempts) {
    for (const [key, test] of keyed(cases)) {
      ends.set(key, test);
      if (test.outcome === 'failed' || test.retried) {
        failed.add(key);
      }
    }
  }
  const flaky: TestCase[] = [];
  for (const [key, test] of ends) {
    if (failed.has(key) && (test.outcome === 'passed' || (passed && test.outcome === 'failed'))) {
      const end: TestCase = { ...test, outcome: 'passed' };
      ends.set(key, end);
      flaky.push({ ...end, failure: firstFailure(attempts, key) });
    }
  }
  return { cases: attempts.some(({ cases }) => cases !== undefined) ? [...ends.values()] : undefined, flaky };
}

function firstFailure(attempts: readonly Attempt[], wanted: string): TestCase['failure'] {
  for (const { cases = [] } of attempts) {
    const test = keyed(cases).get(wanted);
    if (test?.failure !== undefined) {
      return test.failure;
    }
  }
  return undefined;
}

/** Tests by what tells them apart from one attempt to the next; equal ones by their order. */
function keyed(cases: readonly TestCase[]): Map<string, TestCase> {
  const tests = new Map<string, TestCase>();
  const seen = new Map<string, number>();
  for (const test of cases) {
    const name = JSON.stringify([test.file ?? '', test.suite, test.name]);
    const number = seen.get(name) ?? 0;
    seen.set(name, number + 1);
    tests.set(`${name} ${number}`, test);
  }
  return tests;
}

/** How many tests of a result ended so. */
export function countOf({ cases = [] }: AppResult, outcome: TestCase['outcome']): number {
  return cases.filter((test) => test.outcome === outcome).length;
}
