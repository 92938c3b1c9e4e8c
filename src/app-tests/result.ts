import { caseKey, type TestCase } from './junit/report.js';

/** One run of an app's tests. */
export interface Attempt {
  passed: boolean;
  /** Why it did not pass, a sentence without its full stop. */
  problem: string | undefined;
  durationMs: number;
  /** The tests in its reports, `undefined` when it wrote none. */
  cases: TestCase[] | undefined;
}

/** The result of an app's tests, over all attempts. */
export interface AppResult {
  app: string;
  /** The command; empty when none was found. */
  command: string;
  passed: boolean;
  /** Why it did not pass, a sentence without its full stop. */
  problem: string | undefined;
  /** A warning about an app that passed. */
  warning: string | undefined;
  attempts: number;
  /** Of all attempts, in milliseconds. */
  durationMs: number;
  /** Every test once, with its last outcome; `undefined` without reports. */
  cases: TestCase[] | undefined;
  /** Those of `cases` that failed, and then passed. */
  flaky: TestCase[];
}

/** Whether it is a warning or an error when no test was executed. */
export type ZeroTests = 'warning' | 'error';

/** The result of an app from its attempts. @param attempts at least one, in order */
export function resultOf(
  { app, command }: { app: string; command: string },
  attempts: readonly Attempt[],
  zeroTests: ZeroTests,
): AppResult {
  const last = attempts.at(-1);
  const passed = last?.passed === true;
  const { cases, flaky } = mergeAttempts(attempts, passed);
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

/** Why no test counts as executed. Without a report it is not known, and that must not look like passed tests. */
function idleSentence(cases: AppResult['cases']): string {
  if (cases === undefined) {
    return 'no test is known to have been executed: the command wrote no JUnit report that could be read';
  }
  return `no test was executed: the reports have ${cases.length === 0 ? 'none' : `${cases.length}, all of them skipped`}`;
}

/** The result of an app that nobody knows how to test. @param sentence says so, without its full stop */
export function withoutTests(app: string, sentence: string, zeroTests: ZeroTests): AppResult {
  return zeroTests === 'error'
    ? notRun(app, sentence)
    : { ...notRun(app, sentence), passed: true, problem: undefined, warning: sentence };
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
 * Every test with its last outcome. A test that a later attempt did not report keeps its earlier outcome, because some
 * frameworks run only the failed ones again. If that was a failure and the app passed in the end, the test counts as
 * passed.
 */
function mergeAttempts(
  attempts: readonly Attempt[],
  passed: boolean,
): { cases: TestCase[] | undefined; flaky: TestCase[] } {
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

function firstFailure(attempts: readonly Attempt[], key: string): TestCase['failure'] {
  for (const { cases = [] } of attempts) {
    const test = keyed(cases).get(key);
    if (test?.failure !== undefined) {
      return test.failure;
    }
  }
  return undefined;
}

/** Tests by file, suite and name, which identify them over all attempts; equal ones are numbered. */
function keyed(cases: readonly TestCase[]): Map<string, TestCase> {
  const tests = new Map<string, TestCase>();
  const seen = new Map<string, number>();
  for (const test of cases) {
    const name = caseKey(test);
    const number = seen.get(name) ?? 0;
    seen.set(name, number + 1);
    tests.set(`${name} ${number}`, test);
  }
  return tests;
}

/** Number of tests with an outcome. */
export function countOf({ cases = [] }: AppResult, outcome: TestCase['outcome']): number {
  return cases.filter((test) => test.outcome === outcome).length;
}
