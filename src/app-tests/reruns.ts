import { caseKey, type TestCase } from './junit/report.js';

/**
 * Joins tests that a framework ran again within one run and reports each time, as gotestsum and Gradle's plugin do: the
 * same test several times in one report, the last of them passed.
 *
 * Tests of a table may share a name too, and one of them that fails is no rerun. Then the command has failed, and no other
 * test says why; nothing is joined.
 *
 * @param reports the tests of each report
 * @param succeeded whether the command ended with exit code 0
 */
export function joinReruns(reports: readonly (readonly TestCase[])[], succeeded: boolean): TestCase[] {
  const joined = reports.flatMap(joinReport);
  return succeeded || joined.some(({ outcome }) => outcome === 'failed') ? joined : reports.flat();
}

function joinReport(cases: readonly TestCase[]): TestCase[] {
  const runs = new Map<string, TestCase[]>();
  for (const test of cases) {
    const key = caseKey(test);
    const known = runs.get(key);
    if (known === undefined) {
      runs.set(key, [test]);
    } else {
      known.push(test);
    }
  }
  return [...runs.values()].flatMap((tests) => {
    const last = tests.at(-1);
    const failed = tests.find(({ outcome }) => outcome === 'failed');
    return last === undefined || failed === undefined || last.outcome !== 'passed'
      ? tests
      : [{ ...last, retried: true, durationMs: sum(tests), failure: failed.failure }];
  });
}

function sum(tests: readonly TestCase[]): number {
  return tests.reduce((total, { durationMs }) => total + durationMs, 0);
}
