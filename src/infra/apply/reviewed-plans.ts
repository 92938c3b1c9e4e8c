import type { Connected } from '../../github/connected.js';
import { attempt } from '../../github/errors.js';
import { operationIn } from '../../github/try-operation.js';
import { readPlanChecks } from '../report/check-runs.js';
import type { PlanProof } from '../report/root-report.js';
import { type KnownApply, readApplyChecks } from './apply-checks.js';
import { isDone } from './apply-report.js';
import type { MergedPull } from './merged-pulls.js';

/** The plan of a root that people saw, and the pull request in which. */
export interface ReviewedPlan {
  pull: MergedPull;
  proof: PlanProof;
}

/** Most pull requests that are looked through. */
const MOST_PULLS = 20;

/** Finds the plan of a root that was reviewed last, or says why there is none. */
export type ReviewedPlans = (root: string) => Promise<ReviewedPlan | { none: string }>;

/**
 * Looks for reviewed plans in the check runs of merged pull requests, the newest first. One that was applied counts no more: what it
 * did may have been taken back since.
 *
 * @param app slug of the App whose check runs count: of others, and of comments, nothing does
 */
export function reviewedPlans(to: Connected, pulls: readonly MergedPull[], app: string): ReviewedPlans {
  const read = operationIn(to.repository, 'read check runs', 'checks: read');
  const plans = once((head: string) => attempt(read, () => readPlanChecks(to, head, app)));
  const applies = once((commit: string) => attempt(read, () => readApplyChecks(to, commit, app)));
  return async (root) => {
    for (const pull of pulls.slice(0, MOST_PULLS)) {
      const report = (await plans(pull.head)).get(root)?.report;
      if (report !== undefined) {
        return newest(pull, report, (await applies(pull.merge)).get(root));
      }
    }
    return { none: 'No merged pull request has a plan of it.' };
  };
}

function newest(
  pull: MergedPull,
  { state, proof }: { state: string; proof?: PlanProof | undefined },
  applied: KnownApply | undefined,
): ReviewedPlan | { none: string } {
  if (applied !== undefined && isDone(applied.report)) {
    return { none: `The plan of #${pull.number}, which is the newest of it, is applied.` };
  }
  return state !== 'planned' || proof === undefined
    ? { none: `Pull request #${pull.number} has no plan of it that could be applied.` }
    : { pull, proof };
}

function once<T>(read: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (key) => {
    const reading = known.get(key) ?? read(key);
    known.set(key, reading);
    return reading;
  };
}
