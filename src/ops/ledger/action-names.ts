/**
 * The values of the trailer `Ostack-Action`, by which a commit says which action made it. They never change, because
 * the history of every ops repository has them.
 */
export const BUMP = 'bump-ops-overlay';
export const PROMOTE = 'promote';
export const ROLLBACK = 'rollback';
export const HOLD = 'hold';
export const LIFT_HOLD = 'lift-hold';
export const ONBOARD = 'onboard';
export const LIFT = 'lift';
export const OVERRIDE = 'override';
export const MATERIALIZE = 'materialize';
