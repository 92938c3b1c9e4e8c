import type { Connected } from '../../github/connected.js';
import { attempt } from '../../github/errors.js';
import { operationIn } from '../../github/try-operation.js';
import { writeMarkedComment } from '../report/marked-comment.js';
import { keepRootIssue } from '../report/root-issue.js';
import { readApplyChecks } from './apply-checks.js';
import { APPLY_MARKER, applyComment, applyMarkdown, resultTitle } from './apply-markdown.js';
import { type ApplyReport, isDone } from './apply-report.js';
import type { MergedPull } from './merged-pulls.js';

/** The label of issues about what was merged and is not applied. */
export const APPLY_LABEL = 'ostack-apply';

/** Whom to tell. */
export interface TellOf {
  to: Connected;
  /** Slug of the App whose check runs count. */
  app: string;
  /** The merged commit. */
  commit: string;
  pulls: readonly MergedPull[];
}

/**
 * Tells the pull requests what became of them, and keeps one issue a root: while something that was merged is not applied, the branch
 * says what there is not.
 *
 * @param reports of this run; a comment also has those of other jobs
 * @throws Error naming the permission that the token lacks
 */
export async function tellApplies({ to, app, commit, pulls }: TellOf, reports: readonly ApplyReport[]): Promise<void> {
  const known = await readApplyChecks(to, commit, app);
  const all = [...known.values()].map(({ report }) => report);
  const told = new Set(reports.flatMap(({ pull }) => pull ?? []));
  const numbers = pulls.filter(({ number, merge }) => merge === commit || told.has(number)).map(({ number }) => number);
  for (const number of new Set(numbers)) {
    const doing = operationIn(to.repository, `comment on pull request ${number}`, 'pull-requests: write');
    const text = applyComment(all, commit);
    await attempt(doing, () => writeMarkedComment(to, number, { marker: APPLY_MARKER, text, isNew: all.length > 0 }));
  }
  for (const report of reports.filter(({ result }) => result !== 'overtaken')) {
    await keepRootIssue(to, issueOf(report, commit));
  }
}

function issueOf(report: ApplyReport, commit: string) {
  const { root, run, pull } = report;
  const from = pull === undefined ? '' : ` It comes from #${pull}.`;
  const head = `${commit.slice(0, 7)} is merged, and \`${root}\` is not as it says.${from}${run === '' ? '' : ` ([run](${run}))`}`;
  return {
    ...{ label: APPLY_LABEL, root, title: `Apply of ${root}: ${resultTitle(report)}` },
    body: isDone(report)
      ? undefined
      : `${head}\n\n${applyMarkdown(report)}\n\nThis issue is closed when it is applied.`,
  };
}
