import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as core from '@actions/core';
import type { RunContext } from '../../github/context.js';
import { COMMENT_BYTES } from '../../ops/verbs/check/publish.js';
import { type CheckReport, policyMarkdown, reportMarkdown } from '../../ops/verbs/check/report.js';
import { writeSummary } from '../../report/summary.js';
import { info, logError, logWarning } from '../../runtime/log.js';
import type { Checked } from './check-run.js';

/** GitHub shows this many annotations of a kind for one step; the step's own error is one of them. */
const MOST_ANNOTATIONS = 9;
const SUMMARY_BYTES = 1_000_000;

/** Sets the outputs, annotates the problems, and writes the job summary. A report too long for a comment goes to a file. */
export async function report(checked: readonly Checked[], context: RunContext): Promise<void> {
  core.setOutput('verdicts', JSON.stringify(checked.flatMap(verdictsOf)));
  const problems = checked.flatMap(({ files }) => files?.problems ?? []);
  core.setOutput('problems', JSON.stringify(problems));
  core.setOutput('report', '');
  for (const level of ['error', 'warning'] as const) {
    for (const { file, line, message } of problems.filter((each) => each.level === level).slice(0, MOST_ANNOTATIONS)) {
      const position = file === '' ? {} : { file, ...(line === undefined ? {} : { startLine: line }) };
      (level === 'error' ? logError : logWarning)(message, position);
    }
  }
  for (const note of checked.flatMap(({ notes }) => notes)) {
    logWarning(note);
  }
  for (const { number, verdicts } of checked) {
    for (const { environment, state, reason } of verdicts) {
      info(`${number === undefined ? '' : `#${number} `}${environment}: ${state}. ${reason}`);
    }
  }
  await writeSummary(summaryOf(checked, context));
  for (const each of checked.filter(({ files }) => files !== undefined)) {
    await writeReportFile(wholeReport(each, context));
  }
}

function summaryOf(checked: readonly Checked[], context: RunContext): string {
  const [first, ...others] = checked;
  if (first === undefined) {
    return '## Ops check\n\nNo pull request is open, so nothing was checked.\n';
  }
  if (others.length === 0 && (first.files !== undefined || first.number === undefined)) {
    return reportMarkdown(wholeReport(first, context), SUMMARY_BYTES);
  }
  const reports = checked.map(({ number = 0, verdicts, notes, failures }) => ({
    ...{ number, verdicts, notes: [...failures, ...notes] },
    page: `${context.serverUrl}/${context.repository}/pull/${number}`,
  }));
  return policyMarkdown(reports, SUMMARY_BYTES);
}

function wholeReport({ sha, verdicts, files, notes, failures }: Checked, context: RunContext): CheckReport {
  const page = `${context.serverUrl}/${context.repository}/blob/${sha}`;
  return {
    ...{ verdicts, page, runUrl: context.runUrl, notes: [...failures, ...notes] },
    problems: files?.problems,
    rendered: files?.rendered,
    notRendered: files?.notRendered ?? [],
    known: files?.known ?? [],
  };
}

/** Writes a report that is too long for a comment to a file, and sets the output `report` to its path. */
async function writeReportFile(report: CheckReport): Promise<void> {
  const text = reportMarkdown(report, Number.MAX_SAFE_INTEGER);
  if (Buffer.byteLength(text) > COMMENT_BYTES) {
    const folder = join(process.env.RUNNER_TEMP ?? tmpdir(), 'ostack-check-ops');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'report.md'), text);
    core.setOutput('report', join(folder, 'report.md'));
  }
}

function verdictsOf({ number, sha, verdicts }: Checked) {
  return verdicts.map(({ environment, state, reason }) => ({
    number: number ?? null,
    sha,
    environment,
    state,
    reason,
  }));
}

/** Why the check does not pass, one or two sentences; `undefined` where it passes. */
export function failure(checked: readonly Checked[]): string | undefined {
  const wrong = checked.flatMap(({ files }) => files?.problems ?? []).filter(({ level }) => level === 'error');
  const errors = [...wrong.map(({ message }) => message), ...checked.flatMap(({ failures }) => failures)];
  const [first] = errors;
  if (first === undefined) {
    return undefined;
  }
  const more = errors.length - 1;
  return `${first}${more === 0 ? '' : ` And ${more === 1 ? 'one more problem' : `${more} more problems`}: see the summary.`}`;
}
