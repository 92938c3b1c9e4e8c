import * as core from '@actions/core';
import type { ProposalReport, ProposalResult } from '../ops/pull-requests/proposal.js';
import { details, fenced, link, plain } from '../report/markdown.js';
import { writeSummary } from '../report/summary.js';
import { runEntry } from '../runtime/entry.js';
import { info, logGroup, logWarning } from '../runtime/log.js';
import { renderFailures } from './failures.js';

const SIGNS: Record<ProposalResult['action'], string> = {
  created: 'opened',
  updated: 'updated',
  unchanged: 'nothing to do',
  merged: 'merged',
  committed: 'committed',
  closed: 'closed',
  held: 'held',
  skipped: 'skipped',
};

/** What a person reads first, and where it was done. */
export interface Shown {
  /** Title of the job summary, Markdown-free. */
  title: string;
  dryRun: boolean;
  /** What comes after what became of the pull requests, Markdown. */
  notes: readonly string[];
  /** Messages of failures that the notes report already, so that the summary does not say them twice. */
  reported?: ReadonlySet<string>;
}

/**
 * Log lines, annotations, the outputs `pull-requests`, `number`, `url`, `head`, `action`, and the job summary.
 *
 * @throws Error of what failed, for the one failure of the step
 */
export async function writeProposals(report: ProposalReport, shown: Shown): Promise<void> {
  const { results, failures, warnings, diffs } = report;
  for (const warning of warnings) {
    logWarning(warning);
  }
  for (const result of results) {
    const { proposal, url } = result;
    const { sign, why } = outcomeOf(result);
    info(
      [`${proposal.title}: ${sign}`, ...(why === '' ? [] : [`, ${why}`]), ...(url === '' ? [] : [` ${url}`])].join(''),
    );
  }
  for (const [subject, diff] of diffs) {
    logGroup(`${subject}: what would change`, diff);
  }
  core.setOutput('pull-requests', results.map(asOutput));
  const only = results.length === 1 ? results[0] : undefined;
  core.setOutput('number', only?.number ?? '');
  core.setOutput('url', only?.url ?? '');
  core.setOutput('head', only?.head ?? '');
  core.setOutput('action', only?.action ?? (results.length === 0 ? 'unchanged' : ''));
  await writeSummary(renderProposals(report, shown));
  if (failures.length > 0) {
    throw new Reported([...new Set(failures.map(({ message }) => message))].join('\n'));
  }
}

function renderProposals(report: ProposalReport, { title, dryRun, notes, reported = new Set() }: Shown): string {
  const { results, failures, diffs, texts } = report;
  const unique = new Map(failures.map((failure) => [failure.message, failure]));
  const failed = [...unique.values()].filter(({ message }) => !reported.has(message));
  const lines = results.map((result) => `- ${lineOf(result)}`);
  const parts = [
    `### ${plain(title)}`,
    dryRun ? '> [!NOTE]\n> A dry run: nothing was written.' : '',
    failed.length === 0 ? '' : renderFailures(failed),
    lines.join('\n'),
    ...notes,
    ...[...texts].map(([subject, text]) => details(`${subject}: what the pull request would say`, text)),
    ...[...diffs]
      .filter(([subject]) => !texts.has(subject))
      .map(([subject, diff]) => details(`${subject}: what would change`, fenced('diff', diff))),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/**
 * Runs the body of a verb's action. What keeps it from doing anything is the failure of the step, and in the job summary.
 *
 * @param title title of that summary: `Rollback`
 */
export function runVerb(title: string, verb: () => Promise<void>): Promise<void> {
  return runEntry(async () => {
    try {
      await verb();
    } catch (error) {
      if (!(error instanceof Reported)) {
        const failure = error instanceof Error ? error : new Error(String(error));
        await writeSummary(`### ${plain(title)}\n\n${renderFailures([failure])}\n`);
      }
      throw error;
    }
  });
}

/** What failed, with a job summary that has it already. */
class Reported extends Error {}

/** `[#12](…) Promote my-app 1.3.0 to production: **opened**`. */
function lineOf(result: ProposalResult): string {
  const { proposal, number, url, commit } = result;
  const page = commit !== '' ? link(commit.slice(0, 7), url) : number === null ? '' : link(`#${number}`, url);
  const { sign, why } = outcomeOf(result);
  return `${page === '' ? '' : `${page} `}${plain(proposal.title)}: **${sign}**${why === '' ? '' : `, ${plain(why)}`}`;
}

/** What became of it, and why: `opened`, since it waits for a person; `nothing to do`, since it is there already. */
function outcomeOf({ action, reason, rehearsed, mergesByItself, number }: ProposalResult) {
  if (rehearsed) {
    return { sign: `would be ${SIGNS[action]}`, why: '' };
  }
  const isOpen = number !== null && (action === 'created' || action === 'updated');
  const next = mergesByItself ? 'merges by itself' : 'waits for a person';
  return { sign: SIGNS[action], why: isOpen && reason === '' ? next : reason };
}

function asOutput({ proposal, number, url, commit, action, reason }: ProposalResult) {
  return { subject: proposal.subject, title: proposal.title, number, url, commit, action, reason };
}
