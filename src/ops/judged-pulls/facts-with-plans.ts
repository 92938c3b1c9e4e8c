import type { Connected } from '../../github/connected.js';
import { attempt } from '../../github/errors.js';
import { operationIn } from '../../github/try-operation.js';
import type { RootReport } from '../../infra/report/root-report.js';
import type { ChangeFacts } from '../judgement/change-facts.js';
import type { RootPlan } from '../judgement/changed-root.js';
import { type PlannedPull, withPlans } from '../judgement/with-plans.js';

/**
 * What a change of an infra repository comes to, with the plans of its head: one request, and none for a change without roots. What is
 * known of any other repository stays as it is.
 *
 * @param pull missing for what somebody pushed: nobody planned that
 * @throws Error naming the permission that the token lacks
 */
export async function factsWithPlans(
  ops: Connected,
  facts: ChangeFacts,
  pull: { head: string; isFork: boolean } | undefined,
  when: Pick<PlannedPull, 'at' | 'isPast'>,
): Promise<ChangeFacts> {
  if (facts.changedRoots === undefined) {
    return facts;
  }
  const isAsked = pull !== undefined && !pull.isFork && facts.changedRoots.roots.length > 0;
  const plans = isAsked ? await readPlans(ops, pull.head) : new Map<string, RootPlan>();
  return withPlans(facts, plans, { isFork: pull?.isFork === true, ...when });
}

async function readPlans(ops: Connected, head: string): Promise<Map<string, RootPlan>> {
  const { readPlanChecks } = await import('../../infra/report/check-runs.js');
  const reading = operationIn(ops.repository, 'read the plans of a pull request', 'checks: read');
  const checks = await attempt(reading, () => readPlanChecks(ops, head));
  return new Map([...checks].map(([root, { report, completedAt }]) => [root, rootPlanOf(report, completedAt)]));
}

/** What a report says to the gate. @param completedAt when its check run ended, where it says no time of its own */
export function rootPlanOf(
  { state, problem, losses, lossCount, counts, url, isRead, proof }: RootReport,
  completedAt: Date | undefined,
): RootPlan {
  const isTold = url === undefined || isRead === true;
  const first = problem.split('\n', 1)[0] ?? '';
  return {
    problem: state === 'planned' ? '' : first === '' ? 'it was only checked.' : first,
    // Where that could not be read, only its run tells which of what is destroyed elsewhere keeps data.
    lost: isTold ? losses.map(({ address }) => address) : [`what ${url} destroys`],
    lostCount: isTold ? lossCount : Math.min(1, counts.destroy),
    plannedAt: proof === undefined ? completedAt : new Date(proof.since),
  };
}
