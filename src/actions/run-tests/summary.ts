import { type AppResult, countOf } from '../../app-tests/result.js';
import { elapsed } from '../../report/elapsed.js';
import { code, details, fenced, link, plain, table } from '../../report/markdown.js';
import type { Finding, Findings } from './findings.js';
import { counts, isUntested, title } from './texts.js';

/** Tests in the table of the slowest. */
const SLOWEST = 10;
/** Most failures that are shown with details. */
const MOST_SHOWN = 30;

/**
 * The job summary.
 *
 * @param page address of the repository's files at this commit, `https://github.com/acme/apps/blob/<sha>`
 */
export function summary(results: readonly AppResult[], findings: Findings, page: string): string {
  if (results.length === 0) {
    return '## Tests\n\nNo app is affected, so there was nothing to test.\n';
  }
  const untested = results.filter(isUntested).length;
  const passed = results.filter((result) => result.passed).length - untested;
  const mark = passed + untested < results.length ? '❌' : untested > 0 ? '⚠️' : '✅';
  const apps = results.length === 1 ? '1 app' : `${results.length} apps`;
  const without = untested === 0 ? '' : `, ${untested} ${untested === 1 ? 'has' : 'have'} no known tests`;
  return [
    '## Tests',
    `${mark} ${passed} of ${apps} passed${without}${totals(results)}.`,
    table(['', 'app', 'tests', 'failed', 'skipped', 'flaky', 'time', ''], results.map(row)),
    ...failures(findings, results, page),
    ...flaky(findings, page),
    ...slowest(results),
    '',
  ].join('\n\n');
}

function totals(results: readonly AppResult[]): string {
  const reported = results.filter(({ cases }) => cases !== undefined);
  const [first] = reported;
  if (first === undefined) {
    return '';
  }
  const cases = reported.flatMap((result) => result.cases ?? []);
  return `: ${counts({ ...first, cases, flaky: reported.flatMap((result) => result.flaky) })}`;
}

function row(result: AppResult): string[] {
  const { app, passed, problem, warning, cases, attempts, durationMs } = result;
  const number = (value: number) => (cases === undefined ? '—' : String(value));
  const remark = problem ?? warning ?? (attempts > 1 ? `passed at attempt ${attempts}` : '');
  return [
    passed ? (warning === undefined ? '✅' : '⚠️') : '❌',
    plain(app),
    number(cases?.length ?? 0),
    number(countOf(result, 'failed')),
    number(countOf(result, 'skipped')),
    number(result.flaky.length),
    elapsed(durationMs),
    plain(remark),
  ];
}

function failures({ failed }: Findings, results: readonly AppResult[], page: string): string[] {
  const all = results.reduce((sum, result) => sum + countOf(result, 'failed'), 0);
  const shown = failed.slice(0, MOST_SHOWN);
  const more = all - shown.length;
  return [
    ...(shown.length === 0 ? [] : ['### Failures']),
    ...shown.map((finding) => details(`${finding.app}: ${title(finding.test)}`, body(finding, page))),
    ...(more > 0 ? [`${more} more failed: see the logs.`] : []),
  ];
}

function body(finding: Finding, page: string): string {
  const { message = '', details: more = '' } = finding.test.failure ?? {};
  const text = more.includes(message) ? more : [message, more].filter((part) => part !== '').join('\n\n');
  return [place(finding, page), fenced('', text.slice(0, 4000))].filter((part) => part !== '').join('\n\n');
}

function place({ at }: Finding, page: string): string {
  if (at === undefined) {
    return '';
  }
  const path = at.file.split('/').map(encodeURIComponent).join('/');
  return at.line === undefined
    ? link(at.file, `${page}/${path}`)
    : link(`${at.file}:${at.line}`, `${page}/${path}#L${at.line}`);
}

function flaky({ flaky: found }: Findings, page: string): string[] {
  if (found.length === 0) {
    return [];
  }
  const rows = found
    .slice(0, MOST_SHOWN)
    .map((finding) => [
      plain(finding.app),
      code(title(finding.test)),
      place(finding, page),
      plain((finding.test.failure?.message ?? '').slice(0, 200)),
    ]);
  return ['### Flaky: failed, then passed', table(['app', 'test', 'where', 'first failure'], rows)];
}

function slowest(results: readonly AppResult[]): string[] {
  const tests = results.flatMap(({ app, cases = [] }) => cases.map((test) => ({ app, test })));
  const slow = tests
    .filter(({ test }) => test.durationMs > 0)
    .sort((a, b) => b.test.durationMs - a.test.durationMs)
    .slice(0, SLOWEST);
  if (slow.length === 0) {
    return [];
  }
  const rows = slow.map(({ app, test }) => [plain(app), code(title(test)), elapsed(test.durationMs)]);
  return [details('Slowest tests', table(['app', 'test', 'time'], rows))];
}
