import { checkRunsOf } from '../../github/check-runs.js';
import type { Connected } from '../../github/connected.js';
import { checkTitle } from '../../report/check-title.js';
import { cutMarkdown } from '../../report/cut.js';
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
  const found = new Map<string, KnownApply>();
  for await (const { id, name, output, app: by } of checkRunsOf(to, commit)) {
    const report = by?.slug === app && name.startsWith(APPLY_CHECK) ? readKeptApply(output.summary ?? '') : undefined;
    if (report !== undefined && name === `${APPLY_CHECK}${report.root}` && !found.has(report.root)) {
      found.set(report.root, { id, report });
    }
  }
  return found;
}

/**
 * Writes the check run of an apply.
 *
 * @param known the id of the one that the commit has already, which is written anew
 * @returns its id
 */
export async function writeApplyCheck(
  to: Connected,
  commit: string,
  report: ApplyReport,
  known: number | undefined,
): Promise<number> {
  const { owner, name: repo } = to.repository;
  const output = {
    title: checkTitle(resultTitle(report)),
    summary: `${cutMarkdown(applyMarkdown(report), 65_000 - MOST_BYTES)}\n\n${keptApply(report)}`,
  };
  const state =
    report.result === 'running'
      ? { status: 'in_progress' as const }
      : { status: 'completed' as const, conclusion: conclusionOf(report) };
  const body = {
    ...{ owner, repo, output, ...state, request: { repeatable: true } },
    ...(report.run === '' ? {} : { details_url: report.run }),
  };
  const { data } =
    known === undefined
      ? await to.github.octokit.request('POST /repos/{owner}/{repo}/check-runs', {
          ...{ ...body, name: `${APPLY_CHECK}${report.root}`, head_sha: commit },
        })
      : await to.github.octokit.request('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', {
          ...{ ...body, check_run_id: known },
        });
  return Number(data.id);
}

function conclusionOf(report: ApplyReport): 'success' | 'neutral' | 'failure' {
  return isDone(report) ? 'success' : report.result === 'overtaken' ? 'neutral' : 'failure';
}
