import { compareVersions } from '../../carriers/compare-versions.js';
import { activeHold, type Hold, holdReason } from '../../policy/holds.js';
import type { Policy } from '../../policy/policy.js';
import { nextStep, type Standing, type Step } from '../../pull-requests/lifecycle.js';
import type { RepositoryState } from '../../repository/repository-state.js';
import { type Outcome, settled } from './outcome.js';
import type { Plan } from './plan.js';
import { bumpSituation } from './situation.js';
import type { Survey } from './unit.js';

/** What the operations managers wrote down, and the time it is read at. */
export interface Rules {
  policy: Policy;
  holds: readonly Hold[];
  now: Date;
  /** Whether an environment must have the app: a person named it, or no other has it. */
  mustHave: (app: string) => boolean;
}

/**
 * Decides one unit: an outcome where nothing is to be written, else the step to take.
 *
 * @returns the outcome, or the step
 */
export function decide(survey: Survey, repo: RepositoryState, rules: Rules): Outcome | Step {
  const { unit, problem, plan, branch, open, past } = survey;
  if (problem !== undefined || plan === undefined) {
    const message = problem?.message ?? '';
    return rules.mustHave(unit.target.app) || problem?.kind === 'broken'
      ? { state: 'failed', error: new Error(message) }
      : settled(survey, 'skipped', message.split('\n', 1)[0]);
  }
  const hold = activeHold(rules.holds, unit.environment, unit.target.app, rules.now);
  if (hold !== undefined && plan.standing !== 'set') {
    return settled(survey, 'held', holdReason(hold));
  }
  const { environment, target } = unit;
  const step = nextStep(
    bumpSituation(
      { environment, app: target.app, version: target.version },
      {
        base: plan.standing,
        baseOid: repo.baseOid,
        branch: branch === undefined ? undefined : { commit: branch.commit, standing: standingOf(branch.plan) },
        open,
        past,
        overtaken: isOvertaken(plan, branch?.plan),
      },
    ),
  );
  return step.do === 'nothing' ? settled(survey, step.action, step.reason) : step;
}

/** Whether the branch brings nothing newer than what the base has by now. */
function isOvertaken(base: Plan, branch: Plan | undefined): boolean {
  const held = { tag: base.previous ?? undefined };
  const brought = { tag: branch?.previous ?? undefined };
  return branch?.standing === 'newer-there' && ['same', 'older'].includes(compareVersions(held, brought));
}

function standingOf(plan: Plan | undefined): Standing {
  return plan?.standing ?? 'unusable';
}
