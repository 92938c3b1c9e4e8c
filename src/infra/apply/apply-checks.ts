import { writeCheckRun } from '../../github/check-runs.js';
import type { Connected } from '../../github/connected.js';
import { checkTitle } from '../../report/check-title.js';
import { cutMarkdown } from '../../report/cut.js';
import { keptReports } from '../report/kept-reports.js';
import { applyMarkdown, resultTitle } from './apply-markdown.js';
import { type ApplyReport, isDone, keptApply, readKeptApply } from './apply-report.js';

/** The check run of the apply of a root is called like this, with its name behind it. */
export const APPLY_CHECK = 'oStack apply / ';

/** GitHub takes 65,535 characters of a summary. */
const MOST_BYTES = 40_000;

/** A check run that is there. */
export interface KnownApply {
  id: number;
  report: ApplyReport;
}

/**
 * What check runs of a commit say of applies, by the names of roots.
 *
 * @param app slug of the App whose check runs count
 */
export async function readApplyChecks(to: Connected, commit: string, app: string): Promise<Map<string, KnownApply>> {
  const kept = await keptReports(to, commit, { prefix: APPLY_CHECK, read: readKeptApply, app });
  return new Map([...kept].map(([root, { run, report }]) => [root, { id: run.id, report }]));
}

/**
 * Writes the check run of an apply.
 *
 * @param known the id of the one that the commit has already, which is written anew
 * @returns its id
 */
export function writeApplyCheck(
  to: Connected,
  commit: string,
  report: ApplyReport,
  known: number | undefined,
): Promise<number> {
  return writeCheckRun(to, commit, known, {
    name: `${APPLY_CHECK}${report.root}`,
    state:
      report.result === 'running'
        ? { status: 'in_progress' }
        : { status: 'completed', conclusion: conclusionOf(report) },
    output: {
      title: checkTitle(resultTitle(report)),
      summary: `${cutMarkdown(applyMarkdown(report), 65_000 - MOST_BYTES)}\n\n${keptApply(report)}`,
    },
    detailsUrl: report.run,
  });
}

function conclusionOf(report: ApplyReport): 'success' | 'neutral' | 'failure' {
  return isDone(report) ? 'success' : report.result === 'overtaken' ? 'neutral' : 'failure';
}
