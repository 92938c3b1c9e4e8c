import * as core from '@actions/core';
import { type AppResult, countOf } from '../../app-tests/result.js';
import { writeSummary } from '../../report/summary.js';
import { logError, logWarning } from '../../runtime/log.js';
import type { Finding, Findings } from './findings.js';
import { summary } from './summary.js';
import { title } from './texts.js';

/**
 * GitHub shows this many annotations of a kind for one step; the step's own error is one of them.
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
 */
const MOST_ANNOTATIONS = 9;

/** Sets the outputs, annotates what failed, and writes the job summary. */
export async function report(results: readonly AppResult[], findings: Findings, page: string): Promise<void> {
  core.setOutput('results', JSON.stringify(results.map(publicResult)));
  core.setOutput('passed', String(results.every(({ passed }) => passed)));
  annotate(findings.failed, (message, at) => logError(message, at));
  annotate(findings.flaky, (message, at) => logWarning(`Flaky, it failed and then passed: ${message}`, at));
  for (const { app, warning } of results) {
    if (warning !== undefined) {
      logWarning(`${app}: ${warning}.`, { title: 'No test was executed' });
    }
  }
  await writeSummary(summary(results, findings, page));
}

/** One sentence that says which apps failed; `undefined` when none did. */
export function verdict(results: readonly AppResult[]): string | undefined {
  const failed = results.filter(({ passed }) => !passed);
  const reasons = failed.map(({ app, problem }) => `${app}: ${problem ?? 'failed'}`);
  return failed.length === 0 ? undefined : `Tests failed. ${reasons.join('; ')}.`;
}

function annotate(findings: readonly Finding[], say: (message: string, at: core.AnnotationProperties) => void): void {
  for (const { app, test, at } of findings.slice(0, MOST_ANNOTATIONS)) {
    const place = at === undefined ? {} : { file: at.file, ...(at.line === undefined ? {} : { startLine: at.line }) };
    say(test.failure?.message || 'failed', { title: `${app}: ${title(test)}`, ...place });
  }
}

/** One entry of the output `results`. */
function publicResult(result: AppResult) {
  const { app, command, passed, problem, attempts, durationMs, cases, flaky } = result;
  const reported = cases !== undefined;
  return {
    app,
    command,
    passed,
    problem: problem ?? null,
    attempts,
    durationMs,
    tests: reported ? cases.length : null,
    failures: reported ? countOf(result, 'failed') : null,
    skipped: reported ? countOf(result, 'skipped') : null,
    flaky: reported ? flaky.length : null,
  };
}
