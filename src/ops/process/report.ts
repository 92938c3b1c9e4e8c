import * as core from '@actions/core';
import { details, fenced, link, plain } from '../../report/markdown.js';
import { writeSummary } from '../../report/summary.js';
import type { ProposalReport, ProposalResult } from '../propose/proposal.js';

const SIGNS: Record<ProposalResult['action'], string> = {
  created: 'opened',
  updated: 'updated',
  unchanged: 'nothing to do',
  merged: 'merged',
  committed: 'committed',
  closed: 'closed',
  skipped: 'skipped',
};

/**
 * Log lines, outputs `number`, `url` and `action`, and the job summary.
 *
 * @throws Error with what was refused or failed
 */
export async function reportProcess(report: ProposalReport, dryRun: boolean): Promise<void> {
  for (const warning of report.warnings) {
    core.warning(warning);
  }
  const [result] = report.results;
  if (result !== undefined) {
    core.info(`${result.proposal.title}: ${outcomeOf(result)}${result.url === '' ? '' : ` ${result.url}`}`);
  }
  for (const [subject, diff] of report.diffs) {
    core.startGroup(`${subject}: what would change`);
    core.info(diff);
    core.endGroup();
  }
  core.setOutput('number', result?.number ?? '');
  core.setOutput('url', result?.url ?? '');
  core.setOutput('action', result?.action ?? '');
  await writeSummary(summaryOf(report, dryRun));
  if (report.failures.length > 0) {
    throw new Error(report.failures.map(({ message }) => message).join('\n'));
  }
}

/** What happened, Markdown. */
export function summaryOf({ results, failures, diffs }: ProposalReport, dryRun: boolean): string {
  const parts = results.map((result) => {
    const where = result.number === null ? '' : ` in ${link(`#${result.number}`, result.url)}`;
    const title = `### ${plain(result.proposal.title)}${dryRun ? ' (dry run, nothing was written)' : ''}`;
    return `${title}\n\n${capital(plain(outcomeOf(result)))}${where}.`;
  });
  for (const failure of failures) {
    const [first = '', ...rest] = failure.message.split('\n');
    parts.push(`**Refused:** ${plain(first)}`);
    if (rest.length > 0) {
      parts.push(fenced('diff', rest.join('\n')));
    }
  }
  for (const [subject, diff] of diffs) {
    if (diff !== '') {
      parts.push(details(subject, fenced('diff', diff)));
    }
  }
  return `${parts.join('\n\n')}\n`;
}

function outcomeOf({ action, reason }: ProposalResult): string {
  return `${SIGNS[action]}${reason === '' ? '' : `: ${reason}`}`;
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
