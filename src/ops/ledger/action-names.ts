/**
 * The names of the verbs, as `Ostack-Action` of the commits that they write. The history has them: a name never changes.
 */
export const BUMP = 'bump-ops-overlay';
export const PROMOTE = 'promote';
export const ROLLBACK = 'rollback';
export const LIFT_HOLD = 'lift-hold';
export const ONBOARD = 'onboard';
export const LIFT = 'lift';
export const OVERRIDE = 'override';
