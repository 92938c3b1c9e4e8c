import type { Plan } from './plan.js';

/** Why there is no plan for an environment, in sentences for a person. */
export interface Problem {
  /**
   * `broken`: the overlay cannot be read or changed as YAML; `in-vain`: whatever is set, the containers would not run it, or
   * nobody can tell.
   */
  kind: 'no-app' | 'nothing-carries' | 'in-vain' | 'broken';
  message: string;
}

/** What setting the version in an environment comes to: exactly one of the two is there. */
export type OverlayPlan = { plan: Plan; problem?: undefined } | { plan?: undefined; problem: Problem };
