import { caseKey, type TestCase } from './junit/report.js';

/**
 * Joins tests that a framework ran again within one run and reports each time, as gotestsum and Gradle's plugin do: the
 * same test several times in one report, failed each time but the last, or in the same way each time.
 *
 * Tests of a table may share a name too, and one of them that fails is no rerun. Those that passed do not end a row of
 * failures then; or the command has failed, and no other test says why, and nothing is joined.
 *
 * @param reports the tests of each suite of each report
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
  return [...runs.values()].flatMap(joinRuns);
}

/** A test that is run again is not run again once it has passed. */
function joinRuns(tests: readonly TestCase[]): readonly TestCase[] {
  const last = tests.at(-1);
  const [first, ...again] = tests.filter(({ outcome }) => outcome === 'failed');
  if (last === undefined || first === undefined) {
    return tests;
  }
  if (last.outcome === 'passed' && again.length + 2 === tests.length) {
    return [{ ...last, retried: true, durationMs: sum(tests), failure: first.failure }];
  }
  const isSame = again.every(({ failure }) => failure?.message === first.failure?.message);
  return isSame && again.length + 1 === tests.length ? [{ ...first, durationMs: sum(tests) }] : tests;
}

function sum(tests: readonly TestCase[]): number {
  return tests.reduce((total, { durationMs }) => total + durationMs, 0);
}
