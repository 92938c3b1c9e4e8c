/** The check run that a ruleset requires. Its name never changes, because rulesets of users have it. */
export const GATE_CHECK = 'oStack / gate';
