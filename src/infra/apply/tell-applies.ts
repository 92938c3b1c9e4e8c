import type { Connected } from '../../github/connected.js';
import { attempt } from '../../github/errors.js';
import { operationIn } from '../../github/try-operation.js';
import { code, link } from '../../report/markdown.js';
import { shortLine } from '../../report/short-line.js';
import { writeMarkedComment } from '../report/marked-comment.js';
import { keepRootIssue } from '../report/root-issue.js';
import { readApplyChecks } from './apply-checks.js';
import { APPLY_MARKER, applyComment, applyMarkdown, resultTitle } from './apply-markdown.js';
import { type ApplyReport, isDone } from './apply-report.js';
import { keepFollowUps } from './follow-up.js';
import type { MergedPull } from './merged-pulls.js';

/** The label of issues about what was merged and is not applied. */
export const APPLY_LABEL = 'ostack-apply';

/** GitHub takes 256 characters of a title. */
const MOST_TITLE = 250;

/** Whom to tell. */
export interface TellOf {
  to: Connected;
  /** Slug of the App whose check runs count. */
  app: string;
  /** The merged commit. */
  commit: string;
  pulls: readonly MergedPull[];
  /** The default branch, and its newest commit. */
  branch: string;
  head: string;
}

/**
 * Tells the pull requests what became of them, and keeps one issue a root: while something that was merged is not applied, the branch
 * says what there is not. What nobody reviewed gets a pull request in which it can be.
 *
 * @param reports of this run; a comment also has those of other jobs
 * @throws Error naming the permission that the token lacks
 */
export async function tellApplies(of: TellOf, reports: readonly ApplyReport[]): Promise<void> {
  const { to, app, commit, pulls } = of;
  const followUps = await keepFollowUps(of, reports);
  const known = await readApplyChecks(to, commit, app);
  const all = [...known.values()].map(({ report }) => report);
  const told = new Set(reports.flatMap(({ pull }) => pull ?? []));
  const numbers = pulls.filter(({ number, merge }) => merge === commit || told.has(number)).map(({ number }) => number);
  for (const number of new Set(numbers)) {
    const doing = operationIn(to.repository, `comment on pull request ${number}`, 'pull-requests: write');
    const text = applyComment(all, commit, followUps);
    await attempt(doing, () => writeMarkedComment(to, number, { marker: APPLY_MARKER, text, isNew: all.length > 0 }));
  }
  for (const report of reports.filter(({ result }) => result !== 'overtaken')) {
    await keepRootIssue(to, issueOf(report, commit, followUps.get(report.root)));
  }
}

function issueOf(report: ApplyReport, commit: string, followUp: number | undefined) {
  const { root, run, pull } = report;
  const from = pull === undefined ? '' : ` It comes from #${pull}.`;
  const head = `${commit.slice(0, 7)} is merged, and ${code(root)} is not as it says.${from}${run === '' ? '' : ` (${link('run', run)})`}`;
  return {
    ...{ label: APPLY_LABEL, root, title: shortLine(`Apply of ${root}: ${resultTitle(report)}`, MOST_TITLE) },
    body: isDone(report)
      ? undefined
      : `${head}\n\n${applyMarkdown(report, followUp)}\n\nThis issue is closed when it is applied.`,
  };
}
