import { type Hold, holdReason } from '../../policy/holds.js';
import type { Planned } from '../../pull-requests/planned.js';
import type { AppBump } from './app-bump.js';
import type { OverlayPlan } from './overlay-plan.js';

/** What decides, together with the plan, whether an environment takes a version. */
export interface Rules {
  /** The hold of the app in the environment that is on. */
  hold: Hold | undefined;
  /**
   * Whether the environment must take the version: a person named it, or no other takes it. An app that no environment
   * has is left out of all of them, because it has yet to join.
   */
  mustHave: boolean;
}

/**
 * Whether an environment takes a version: held apps are left as they are, unless they have the version already. An
 * environment without the app is left out, unless it must have it. Nothing goes backwards.
 */
export function decide(bump: AppBump, overlay: OverlayPlan, { hold, mustHave }: Rules): Planned {
  const { problem, plan } = overlay;
  if (problem !== undefined) {
    return mustHave || problem.kind === 'broken' || problem.kind === 'in-vain'
      ? { state: 'refused', error: new Error(problem.message) }
      : plannedOf(bump, overlay);
  }
  return hold !== undefined && plan.state !== 'nothing'
    ? { state: 'left', action: 'held', reason: holdReason(hold) }
    : plannedOf(bump, overlay);
}

/** What a plan comes to where no rule is asked: on a branch of ours. */
export function plannedOf({ environment, target }: AppBump, { problem, plan }: OverlayPlan): Planned {
  if (problem !== undefined) {
    return { state: 'left', action: 'skipped', reason: problem.message.split('\n', 1)[0] ?? '' };
  }
  const { version } = target;
  switch (plan.state) {
    case 'change':
      return { state: 'change', change: plan.change, before: plan.before };
    case 'nothing':
      return {
        state: 'nothing',
        reason: [`${version} is already in ${environment}`, ...(plan.unproved ?? [])].join('. '),
      };
    case 'newer':
      return {
        state: 'newer',
        there: plan.previous,
        reason: `${environment} has a newer version than ${version}${plan.apart === undefined ? '' : `: ${plan.apart}`}`,
      };
  }
}
