import type { Git } from '../../git/git.js';
import type { Connected } from '../../github/connected.js';
import type { FailedPlan, PlanRun } from '../plan/plan-root.js';
import type { Root } from '../roots/find-roots.js';
import { writeApplyCheck } from './apply-checks.js';
import type { ApplyHistory } from './apply-history.js';
import { type ApplyReport, openStart } from './apply-report.js';
import type { ApplyDecision, OpenStart, Word } from './decide-apply.js';
import type { ReviewedPlan } from './reviewed-plans.js';

/** With what a root is applied. */
export interface ApplyRootRun {
  git: Git;
  to: Connected;
  /** The merged commit. */
  commit: string;
  plan: PlanRun;
  /** Where plans are kept, with the keys of age that open them. */
  space: { history: ApplyHistory; identity: string } | undefined;
  /** Of the run: its address, its id, and who started it. */
  run: { url: string; id: string; by: string };
  now: () => Date;
  /** Milliseconds between two questions to a platform that has not written down yet how a run ended. */
  pauseMs?: number;
}

/** What is known of a root before it is planned. */
export interface ApplyRootOf {
  root: Root;
  reviewed: ReviewedPlan | { none: string };
  unapplied: readonly string[];
  overtakenBy: string | undefined;
  word: Word | undefined;
  /** Why nothing of it is applied although it is merged, a sentence. */
  held: string | undefined;
  /** Logins of those who may approve; `undefined` where nobody has to. */
  approvers: readonly string[] | undefined;
  /** What the check run of the commit says of an earlier run. */
  known: { id: number; report: ApplyReport } | undefined;
}

/** What became of a root. */
export interface AppliedRoot {
  report: ApplyReport;
  /** The plan of the merged commit as Markdown; empty where there is none. */
  text: string;
}

/** What is told of a root in any case: a start without an end too, for this check run may be all that knows of it. */
export function baseReport({ root, reviewed, known }: ApplyRootOf, { run, now }: ApplyRootRun): ApplyReport {
  const open = openStart(known?.report);
  return {
    ...{ root: root.name, result: 'failed', why: '', problem: '', beyond: [], plan: '', approved: [] },
    ...{ start: open?.name ?? '', ...(open && { began: open.told }) },
    ...('pull' in reviewed && { pull: reviewed.pull.number }),
    ...{ run: run.url, at: now().toISOString(), by: run.by },
  };
}

/** Of a report whose start has an end. */
export const NO_START = { start: '', began: undefined };

/** The report of a root that could not be planned. */
export function failedPlan(base: ApplyReport, { problem }: FailedPlan): ApplyReport {
  return { ...base, result: 'failed', why: 'It could not be planned at the merged commit.', problem };
}

/** The report where nothing is applied. What an earlier run of the commit applied stays told. */
export function undone(
  report: ApplyReport,
  decision: Exclude<ApplyDecision, { do: 'apply' }>,
  open: OpenStart | undefined,
  before: ApplyReport | undefined,
): ApplyReport {
  if (decision.do === 'nothing') {
    return before?.result === 'applied' ? before : { ...report, result: 'nothing', ...NO_START };
  }
  return decision.do === 'wait'
    ? { ...report, result: 'waits' }
    : { ...report, result: 'asks', beyond: [...decision.beyond], start: open?.name ?? '' };
}

/** Writes the report of a root into the check run of the commit. */
export async function told({ known }: ApplyRootOf, run: ApplyRootRun, report: ApplyReport): Promise<AppliedRoot> {
  if (report !== known?.report) {
    await writeApplyCheck(run.to, run.commit, report, known?.id);
  }
  return { report, text: '' };
}

/**
 * Writes how an apply ended, also into the check run of the merge that was reviewed: what was reviewed there counts no more.
 *
 * @param begun the check run that said that it starts
 */
export async function toldEnd(
  of: ApplyRootOf,
  run: ApplyRootRun,
  begun: NonNullable<ApplyRootOf['known']>,
  ended: ApplyReport,
): Promise<AppliedRoot> {
  const { reviewed } = of;
  if (ended.result === 'applied' && 'pull' in reviewed && reviewed.pull.merge !== run.commit) {
    await writeApplyCheck(run.to, reviewed.pull.merge, ended, undefined);
  }
  return told({ ...of, known: begun }, run, ended);
}
