import { type CheckRun, writeCheckRun } from '../../github/check-runs.js';
import type { Connected } from '../../github/connected.js';
import { checkTitle } from '../../report/check-title.js';
import { cutMarkdown } from '../../report/cut.js';
import { code, details, plain } from '../../report/markdown.js';
import type { CommentRoot } from './comment.js';
import { keptReports } from './kept-reports.js';
import {
  countsTable,
  countsTitle,
  destroysMarkdown,
  lossesMarkdown,
  problemMarkdown,
  proofMarkdown,
} from './plan-markdown.js';
import { keptReport, type RootReport, readKeptReport } from './root-report.js';

/** The check run of a root is called like this, with its name behind it. */
export const CHECK_PREFIX = 'oStack plan / ';

/** GitHub takes 65,535 characters of each of summary and text. */
const MOST_BYTES = 65_000;

/** A check run that is there. */
export interface KnownPlanCheck extends CommentRoot {
  id: number;
  /** When it ended, by GitHub; `undefined` where that is not told. */
  completedAt: Date | undefined;
}

/**
 * The plans that check runs of a commit keep, by the names of their roots. Anybody who may write checks may have made them: they
 * are told of, and permit nothing.
 *
 * @param app slug of the App whose check runs count; all do without it
 */
export async function readPlanChecks(to: Connected, head: string, app?: string): Promise<Map<string, KnownPlanCheck>> {
  const kept = await keptReports(to, head, { prefix: CHECK_PREFIX, read: readKeptReport, app });
  return new Map([...kept].map(([root, { run, report }]) => [root, knownCheck(run, report)]));
}

function knownCheck({ id, html_url: url, output, completed_at: at }: CheckRun, report: RootReport): KnownPlanCheck {
  const completedAt = at == null ? undefined : new Date(at);
  return { id, report, text: output.text ?? '', url: url ?? '', completedAt };
}

/**
 * Writes the check run of a root: a failure where there is no plan.
 *
 * @param text the plan's text as Markdown
 * @param known the one that the commit has already, which is written anew
 */
export async function writePlanCheck(
  to: Connected,
  head: string,
  { report, text }: Pick<CommentRoot, 'report' | 'text'>,
  known: KnownPlanCheck | undefined,
  detailsUrl: string,
): Promise<void> {
  await writeCheckRun(to, head, known?.id, {
    name: `${CHECK_PREFIX}${report.root}`,
    state: { status: 'completed', conclusion: report.state === 'planned' ? 'success' : 'failure' },
    output: {
      title: titleOf(report),
      summary: summaryOf(report),
      ...(text !== '' && { text: cutMarkdown(text, MOST_BYTES) }),
    },
    detailsUrl,
  });
}

function titleOf({ state, counts, lossCount, problem }: RootReport): string {
  if (problem !== '') {
    return checkTitle(`${state === 'failed' ? 'No plan' : 'Refused'}: ${problem}`);
  }
  return checkTitle(`${lossCount === 0 ? '' : `${lossCount} lost: `}${countsTitle(counts)}`);
}

function summaryOf(report: RootReport): string {
  return `${cutMarkdown(rootMarkdown(report), MOST_BYTES - 40_000)}\n\n${keptReport(report)}`;
}

/** What is told of a root, without the text of its plan. */
export function rootMarkdown(report: RootReport): string {
  const shown = { room: 8000, rest: 'The text has all of them.' };
  const parts = [
    problemMarkdown(report),
    lossesMarkdown([report], shown),
    report.state === 'planned' ? countsTable([report]) : '',
    destroysMarkdown([report], shown),
    report.outputs.length === 0 ? '' : details('Outputs that change', report.outputs.map(code).join(', ')),
    report.notes.map((note) => `- ${plain(note)}`).join('\n'),
    report.proof === undefined ? '' : proofMarkdown(report.proof),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}
