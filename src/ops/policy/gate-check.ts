/** The check run that a ruleset requires of the default branch. Its name never changes, because rulesets of users have it. */
export const GATE_CHECK = 'oStack / gate';

const INTO = `${GATE_CHECK} into `;

/**
 * The check run that a ruleset requires of a branch. Each has one of its own, because a check run belongs to a commit and GitHub takes
 * it for every pull request with that head: what may come into one environment would pass into another one.
 *
 * @param branch one that environments live on; `undefined` for the default branch
 */
export function gateCheckOf(branch: string | undefined): string {
  return branch === undefined ? GATE_CHECK : `${INTO}${branch}`;
}

/** The check run of one environment, for people. @param gate that of the branch */
export function environmentCheckOf(gate: string, environment: string): string {
  return `${gate} / ${environment}`;
}

/** Whether a check run is what a ruleset requires, of whatever branch. No branch has a space in its name. */
export function isGateCheck(name: string): boolean {
  return name === GATE_CHECK || (name.startsWith(INTO) && !name.includes(' ', INTO.length));
}

/** Whether the gate says something by a check run, be it for people alone. */
export function isOfGate(name: string): boolean {
  return name === GATE_CHECK || name.startsWith(`${GATE_CHECK} / `) || name.startsWith(INTO);
}

/** The check run by which the audit of a repository remembers what it has judged of the default branch. No other repository has it. */
export const AUDIT_CHECK = 'oStack / audit';
