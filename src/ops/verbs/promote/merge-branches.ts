import { setTimeout as sleep } from 'node:timers/promises';
import { nameOf } from '../../../github/connected.js';
import type { ProposeOptions } from '../../pull-requests/options.js';
import { collect, combine, type Outcome } from '../../pull-requests/outcome.js';
import type { ProposalReport } from '../../pull-requests/proposal.js';
import { type BranchPromotion, type MergeResult, mergeBranch } from './merge-branch.js';
import type { PromotionProposal } from './prepare.js';

/** Rounds until a run gives up against others that keep changing the same branches. */
const ROUNDS = 6;

/**
 * Promotes by merges; what is wrong with one of them leaves the others. What somebody else changed meanwhile, and what was written
 * without an answer, is read and decided again, as any other proposal is: nothing is left unmerged because of one lost answer.
 *
 * @param decideAgain reads some of them anew and decides; those that are no longer wanted are left out
 */
export async function mergeBranches(
  first: readonly BranchPromotion[],
  report: ProposalReport<PromotionProposal>,
  options: ProposeOptions,
  decideAgain: (some: readonly BranchPromotion[]) => Promise<readonly BranchPromotion[]>,
): Promise<void> {
  const outcomes = new Map<string, Outcome<MergeResult>>();
  const isAgain = (promotion: BranchPromotion) => outcomes.get(keyOf(promotion))?.state === 'again';
  let open = first;
  for (let round = 1; open.length > 0; round++) {
    for (const promotion of open) {
      const key = keyOf(promotion);
      outcomes.set(key, combine(outcomes.get(key), await outcomeOf(() => mergeBranch(promotion, options))));
    }
    const again = open.filter(isAgain);
    if (again.length === 0 || round === ROUNDS) {
      break;
    }
    await sleep(options.patience.pollMs * round);
    open = (await decideAgain(again)).filter(isAgain);
  }
  collect(outcomes, report);
}

/** Of which proposal in which repository it is. */
export function keyOf({ snapshot, proposal }: BranchPromotion): string {
  return `${nameOf(snapshot.ops)} ${proposal.subject}`;
}

async function outcomeOf(work: () => Promise<Outcome<MergeResult>>): Promise<Outcome<MergeResult>> {
  try {
    return await work();
  } catch (error) {
    return { state: 'failed', error: error instanceof Error ? error : new Error(String(error)) };
  }
}
