import { PREVIEWS_RULESET } from './names.js';
import { includesBranch, type Mended, type RulesetBody, rulesetBody } from './ruleset.js';
import type { AppState, Bypass, GateState, Rule, Ruleset } from './state.js';

/** What a branch takes so that nobody makes, moves, rewrites or deletes it but who bypasses the ruleset. */
const RULES: readonly Rule[] = [
  { type: 'creation' },
  { type: 'update', parameters: { update_allows_fetch_and_merge: false } },
  { type: 'deletion' },
  { type: 'non_fast_forward' },
];

/** The ruleset of the branch of previews, by its name. */
export function ownPreviewsRuleset({ rulesets = [] }: Pick<GateState, 'rulesets'>): Ruleset | undefined {
  return rulesets.find(({ name, own, target }) => own && target === 'branch' && name === PREVIEWS_RULESET);
}

/** Whether a ruleset keeps people from moving a branch today. */
export function guardsBranch(ruleset: Ruleset, branch: string): boolean {
  const { enforcement, target, rules } = ruleset;
  const isOn = enforcement === 'active' && target === 'branch' && includesBranch(ruleset, branch, false);
  return isOn && rules.some(({ type }) => type === 'update');
}

/** The ruleset for a repository that has none: it lets the ops App alone past it. */
export function newPreviewsRuleset(opsApp: number, branch: string): RulesetBody {
  return {
    name: PREVIEWS_RULESET,
    target: 'branch',
    enforcement: 'active',
    conditions: { ref_name: { include: [`refs/heads/${branch}`], exclude: [] } },
    rules: [...RULES],
    bypass_actors: [{ actor_type: 'Integration', actor_id: opsApp, bypass_mode: 'always' }],
  };
}

/**
 * What is to change in a ruleset of previews that is there. What others have added to it stays, but for the proposer, whose key is in the
 * apps repositories.
 *
 * @param apps both Apps, of which the ops App is there
 */
export function mendPreviewsRuleset(
  ruleset: Ruleset,
  { ops, proposer }: { ops: AppState; proposer: AppState | undefined },
  branch: string,
): Mended {
  const ref = `refs/heads/${branch}`;
  const isHeld = includesBranch(ruleset, branch, false);
  const missing = RULES.filter(({ type }) => !ruleset.rules.some((rule) => rule.type === type));
  const bypass = mendedBypass(ruleset.bypass ?? [], ops, proposer);
  const changes = [
    ...(ruleset.enforcement === 'active' ? [] : [`it is active, not "${ruleset.enforcement}"`]),
    ...(isHeld ? [] : [`it holds on ${branch}`]),
    ...missing.map(({ type }) => `it has the rule "${type}"`),
    ...bypass.changes,
  ];
  const mended: Ruleset = {
    ...{ ...ruleset, enforcement: 'active', bypass: bypass.list },
    include: isHeld ? ruleset.include : [...ruleset.include, ref],
    exclude: isHeld ? ruleset.exclude : [],
  };
  return { body: rulesetBody(mended, [...ruleset.rules, ...missing]), changes };
}

function mendedBypass(
  given: readonly Bypass[],
  ops: AppState,
  proposer: AppState | undefined,
): { list: Bypass[]; changes: string[] } {
  const isApp = ({ type, id }: Bypass, app: AppState | undefined) => type === 'Integration' && id === app?.id;
  const isOpen = given.some((each) => isApp(each, ops) && each.mode === 'always');
  const isLeaky = proposer !== undefined && given.some((each) => isApp(each, proposer));
  const others = given.filter((each) => !isApp(each, ops) && !(proposer !== undefined && isApp(each, proposer)));
  return {
    list: [...others, { type: 'Integration', id: ops.id, mode: 'always' }],
    changes: [...(isOpen ? [] : ['the ops App may bypass it']), ...(isLeaky ? ['the proposer may not bypass it'] : [])],
  };
}
