import { type AppResult, countOf } from '../../app-tests/result.js';
import { elapsed } from '../../report/elapsed.js';

/** The result of an app's tests, on one line. */
export function outcome(result: AppResult): string {
  const { app, passed, problem, attempts, durationMs } = result;
  if (isUntested(result)) {
    return `- ${app} was not tested: ${result.warning}`;
  }
  const tries = attempts > 1 ? `, ${attempts} attempts` : '';
  const tests = result.cases === undefined ? '' : `${counts(result)}, `;
  const verdict = passed ? 'passed' : `failed: ${problem ?? ''}`;
  return `${passed ? '✓' : '✗'} ${app} ${verdict} (${tests}${elapsed(durationMs)}${tries})`;
}

/** Whether nobody knows how to test the app: nothing failed, and nothing passed either. */
export function isUntested({ passed, attempts, warning }: AppResult): boolean {
  return passed && attempts === 0 && warning !== undefined;
}

/** `12 tests, 1 failed, 2 skipped, 1 flaky`. */
export function counts(result: AppResult): string {
  const { cases = [], flaky } = result;
  const parts: [number, string][] = [
    [countOf(result, 'failed'), 'failed'],
    [countOf(result, 'skipped'), 'skipped'],
    [flaky.length, 'flaky'],
  ];
  const total = cases.length === 1 ? '1 test' : `${cases.length} tests`;
  return [total, ...parts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`)].join(', ');
}

/** Most characters of a test's name; generated names can contain whole inputs. */
const MOST_TITLE = 300;

/** The name of a test with its suite. */
export function title({ suite, name }: { suite: string; name: string }): string {
  const whole = suite === '' || name.startsWith(suite) ? name : `${suite} › ${name}`;
  return whole.length <= MOST_TITLE ? whole : `${whole.slice(0, MOST_TITLE - 1).toWellFormed()}…`;
}
