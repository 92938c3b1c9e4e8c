import * as core from '@actions/core';
import type { Proposal, ProposalReport, ProposalResult } from '../ops/propose/proposal.js';
import { details, fenced, link, plain, table } from '../report/markdown.js';
import { writeSummary } from '../report/summary.js';
import { info } from '../runtime/log.js';

const SIGNS: Record<ProposalResult['action'], string> = {
  created: 'opened',
  updated: 'updated',
  unchanged: 'nothing to do',
  merged: 'merged',
  committed: 'committed',
  closed: 'closed',
  skipped: 'skipped',
};

/** What a person reads first, and where it was done. */
export interface Shown {
  /** Title of the job summary, Markdown-free. */
  title: string;
  dryRun: boolean;
  /** Lines that come before the table, Markdown. */
  notes: readonly string[];
}

/**
 * Log lines, annotations, the outputs `pull-requests`, `number`, `url`, `action`, and the job summary.
 *
 * @throws Error of what failed, for the one failure of the step
 */
export async function writeProposals(report: ProposalReport, shown: Shown): Promise<void> {
  const { results, failures, warnings, diffs } = report;
  for (const warning of warnings) {
    core.warning(warning);
  }
  for (const result of results) {
    info(`${result.proposal.title}: ${becameOf(result)}${result.url === '' ? '' : ` ${result.url}`}`);
  }
  for (const [subject, diff] of diffs) {
    core.startGroup(`${subject}: what would change`);
    info(diff);
    core.endGroup();
  }
  core.setOutput('pull-requests', results.map(asOutput));
  const only = results.length === 1 ? results[0] : undefined;
  core.setOutput('number', only?.number ?? '');
  core.setOutput('url', only?.url ?? '');
  core.setOutput('action', only?.action ?? (results.length === 0 ? 'unchanged' : ''));
  await writeSummary(renderProposals(report, shown));
  if (failures.length > 0) {
    throw new Error([...new Set(failures.map(({ message }) => message))].join('\n'));
  }
}

function renderProposals({ results, failures, diffs }: ProposalReport, { title, dryRun, notes }: Shown): string {
  const parts = [`### ${plain(title)}${dryRun ? ' (dry run, nothing was written)' : ''}`, ...notes];
  if (results.length > 0) {
    const rows = results.map((result) => [plain(result.proposal.title), place(result), plain(becameOf(result))]);
    parts.push(table(['', '', ''], rows));
  }
  for (const { message } of failures) {
    parts.push(`**Failed:** ${plain(message)}`);
  }
  for (const [subject, diff] of diffs) {
    parts.push(details(subject, fenced('diff', diff)));
  }
  return `${parts.join('\n\n')}\n`;
}

function place({ number, url, commit }: ProposalResult): string {
  if (commit !== '') {
    return link(commit.slice(0, 7), url);
  }
  return number === null ? '' : link(`#${number}`, url);
}

function becameOf<P extends Proposal>({ action, reason }: ProposalResult<P>): string {
  return `${SIGNS[action]}${reason === '' ? '' : `: ${reason}`}`;
}

function asOutput({ proposal, number, url, commit, action, reason }: ProposalResult) {
  return { subject: proposal.subject, title: proposal.title, number, url, commit, action, reason };
}
