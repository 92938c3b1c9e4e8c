import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as core from '@actions/core';
import type { RunContext } from '../../github/context.js';
import { reportMarkdown } from '../../ops/check/report.js';
import { COMMENT_BYTES } from '../../ops/check/tell.js';
import { writeSummary } from '../../report/summary.js';
import { info } from '../../runtime/log.js';
import type { Checked } from './run.js';

/** GitHub shows this many annotations of a kind for one step; the step's own error is one of them. */
const MOST_ANNOTATIONS = 9;
const SUMMARY_BYTES = 1_000_000;

/** Sets the outputs, annotates the problems, writes the job summary and, where it is long, the whole report to a file. */
export async function report(checked: readonly Checked[], context: RunContext): Promise<void> {
  core.setOutput('verdicts', JSON.stringify(checked.flatMap(verdictsOf)));
  const problems = checked.flatMap(({ files }) => files?.problems ?? []);
  core.setOutput('problems', JSON.stringify(problems));
  core.setOutput('report', '');
  for (const level of ['error', 'warning'] as const) {
    for (const { file, line, message } of problems.filter((each) => each.level === level).slice(0, MOST_ANNOTATIONS)) {
      const place = file === '' ? {} : { file, ...(line === undefined ? {} : { startLine: line }) };
      (level === 'error' ? core.error : core.warning)(message, place);
    }
  }
  for (const note of checked.flatMap(({ notes }) => notes)) {
    core.warning(note);
  }
  for (const each of checked) {
    await tell(each, context, checked.length > 1);
  }
  if (checked.length === 0) {
    await writeSummary('## Ops check\n\nNo pull request is open, so there was nothing to check.\n');
  }
}

async function tell(each: Checked, { serverUrl, repository }: RunContext, several: boolean): Promise<void> {
  const page = `${serverUrl}/${repository}/blob/${each.sha}`;
  const { verdicts, files, notes } = each;
  const whole = { verdicts, problems: files?.problems ?? [], rendered: files?.rendered, page, notes };
  const title = several ? `# Pull request #${each.number ?? ''}\n\n` : '';
  await writeSummary(`${title}${reportMarkdown(whole, SUMMARY_BYTES)}\n`);
  const text = reportMarkdown(whole, Number.MAX_SAFE_INTEGER);
  if (Buffer.byteLength(text) > COMMENT_BYTES) {
    const folder = join(process.env.RUNNER_TEMP ?? tmpdir(), 'ostack-check-ops');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'report.md'), text);
    core.setOutput('report', join(folder, 'report.md'));
  }
  for (const { environment, state, reason } of verdicts) {
    info(`${each.number === undefined ? '' : `#${each.number} `}${environment}: ${state}. ${reason}`);
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

/** One sentence about what keeps the check from passing; `undefined` when nothing does. */
export function failure(checked: readonly Checked[]): string | undefined {
  const errors = checked.flatMap(({ files }) => files?.problems ?? []).filter(({ level }) => level === 'error');
  const [first] = errors;
  if (first === undefined) {
    return undefined;
  }
  const more = errors.length - 1;
  return `${first.message}${more === 0 ? '' : ` And ${more === 1 ? 'one more problem' : `${more} more problems`}: see the summary.`}`;
}
