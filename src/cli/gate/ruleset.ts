import picomatch from 'picomatch';
import * as v from 'valibot';
import { gateCheckOf } from '../../ops/policy/gate-check.js';
import { CHECK, RULESET } from './names.js';
import type { AppState, Bypass, GateState, Rule, Ruleset } from './state.js';

/** A ruleset as it is sent to GitHub. */
export interface RulesetBody {
  name: string;
  target: 'branch';
  enforcement: string;
  conditions: { ref_name: { include: string[]; exclude: string[] } };
  rules: Rule[];
  /** Left out, GitHub keeps what is there. */
  bypass_actors?: { actor_type: string; actor_id: number | null; bypass_mode: string }[];
}

/** A branch that the gate judges, each with a ruleset and a check of its own. */
export interface GuardedBranch {
  branch: string;
  isDefault: boolean;
}

/** The branches that the gate judges, the default branch first. */
export function guardedBranches({
  repository,
  guarded = [],
}: Pick<GateState, 'repository' | 'guarded'>): GuardedBranch[] {
  const away = guarded.map((branch) => ({ branch, isDefault: false }));
  return [{ branch: repository.defaultBranch, isDefault: true }, ...away];
}

/** The check that the ruleset of a branch requires. */
export function requiredOf({ branch, isDefault }: GuardedBranch): string {
  return gateCheckOf(isDefault ? undefined : branch);
}

/** What `gate setup` calls the ruleset of a branch. */
export function rulesetNameOf({ branch, isDefault }: GuardedBranch): string {
  return isDefault ? RULESET : `${RULESET}: ${branch}`;
}

/** Rules without which a check can be passed: by a push, by going back to an older commit, by making the branch anew. */
const PLAIN_RULES = ['deletion', 'non_fast_forward'] as const;

/** Nobody deletes a default branch for good. Another one that is gone could be made anew, of a commit that nobody judged. */
function plainRulesOf({ isDefault }: GuardedBranch): readonly string[] {
  return isDefault ? PLAIN_RULES : ['creation', ...PLAIN_RULES];
}

/**
 * Ways to merge that come to what the gate judges: GitHub's merge on trial. A rebase replays commits one by one, so that two which
 * take each other back can undo what the default branch has got meanwhile.
 */
export const JUDGED_METHODS: readonly string[] = ['merge', 'squash'];

/** Asks for nothing but that there is a pull request: who approves is the policy's business. */
const PULL_REQUEST: Rule = {
  type: 'pull_request',
  parameters: {
    allowed_merge_methods: JUDGED_METHODS,
    dismiss_stale_reviews_on_push: false,
    require_code_owner_review: false,
    require_last_push_approval: false,
    required_approving_review_count: 0,
    required_review_thread_resolution: false,
  },
};

const methodsSchema = v.object({ allowed_merge_methods: v.array(v.string()) });

/** Whether a rule keeps pull requests from being merged by replaying their commits. */
export function forbidsRebase({ type, parameters }: Rule): boolean {
  const parsed = v.safeParse(methodsSchema, parameters);
  return type === 'pull_request' && parsed.success && !parsed.output.allowed_merge_methods.includes('rebase');
}

function withoutRebase(rule: Rule): Rule {
  const parsed = v.safeParse(methodsSchema, rule.parameters);
  const left = parsed.success ? parsed.output.allowed_merge_methods.filter((each) => each !== 'rebase') : [];
  const methods = left.length === 0 ? JUDGED_METHODS : left;
  return rule.type === 'pull_request'
    ? { ...rule, parameters: { ...rule.parameters, allowed_merge_methods: methods } }
    : rule;
}

const queueSchema = v.object({ merge_method: v.string() });

/** Whether a rule is a merge queue that replays commits. */
export function queuesRebases({ type, parameters }: Rule): boolean {
  const parsed = v.safeParse(queueSchema, parameters);
  return type === 'merge_queue' && parsed.success && parsed.output.merge_method === 'REBASE';
}

const requiredChecksSchema = v.object({
  required_status_checks: v.array(
    v.object({ context: v.string(), integration_id: v.optional(v.nullable(v.number())) }),
  ),
  strict_required_status_checks_policy: v.optional(v.boolean(), false),
});

/** @returns the sources that a rule asks a check of: an App's id, `undefined` for any source; nothing where it asks for none */
export function sourcesOfCheck(rule: Rule, check: string = CHECK): (number | undefined)[] {
  const parsed = v.safeParse(requiredChecksSchema, rule.parameters);
  if (rule.type !== 'required_status_checks' || !parsed.success) {
    return [];
  }
  const required = parsed.output.required_status_checks.filter(({ context }) => context === check);
  return required.map(({ integration_id }) => integration_id ?? undefined);
}

/** Whether a ruleset asks that a pull request's branch is up to date, or sends it through a queue. */
export function judgesTheMerge({ rules }: Ruleset): boolean {
  return rules.some((rule) => {
    const parsed = v.safeParse(requiredChecksSchema, rule.parameters);
    const strict = parsed.success && parsed.output.strict_required_status_checks_policy;
    return rule.type === 'merge_queue' || (rule.type === 'required_status_checks' && strict);
  });
}

/** Whether a ruleset holds on a branch today. */
export function holdsOn(ruleset: Ruleset, { branch, isDefault }: GuardedBranch): boolean {
  return ruleset.target === 'branch' && ruleset.enforcement === 'active' && includesBranch(ruleset, branch, isDefault);
}

/** Whether a ruleset is for a branch, whatever it asks. @param isDefault whether that is the default branch */
export function includesBranch(
  { include, exclude }: Pick<Ruleset, 'include' | 'exclude'>,
  branch: string,
  isDefault = true,
): boolean {
  const matches = (pattern: string) => (isDefault || pattern !== '~DEFAULT_BRANCH') && matchesBranch(pattern, branch);
  return include.some(matches) && !exclude.some(matches);
}

/** GitHub's patterns of refs: fnmatch with paths. */
function matchesBranch(pattern: string, branch: string): boolean {
  if (pattern === '~ALL' || pattern === '~DEFAULT_BRANCH') {
    return true;
  }
  return picomatch.isMatch(`refs/heads/${branch}`, pattern, { dot: true, bash: false });
}

/** The default branch, whatever it is called. */
const DEFAULT: GuardedBranch = { branch: '', isDefault: true };

/** The ruleset of a branch that is ours: by its name, else one of the repository that asks for the check. */
export function ownRuleset(
  { rulesets = [] }: Pick<GateState, 'rulesets'>,
  guarded: GuardedBranch = DEFAULT,
): Ruleset | undefined {
  const own = rulesets.filter((ruleset) => ruleset.own && ruleset.target === 'branch');
  const check = requiredOf(guarded);
  return (
    own.find(({ name }) => name === rulesetNameOf(guarded)) ??
    own.find(({ rules }) => rules.some((rule) => sourcesOfCheck(rule, check).length))
  );
}

/** The ruleset for a branch that has none. */
export function newRuleset(opsApp: number, guarded: GuardedBranch = DEFAULT): RulesetBody {
  return {
    name: rulesetNameOf(guarded),
    target: 'branch',
    enforcement: 'active',
    conditions: { ref_name: { include: [refOf(guarded)], exclude: [] } },
    rules: [
      ...plainRulesOf(guarded).map((type) => ({ type })),
      PULL_REQUEST,
      requiredCheck(opsApp, requiredOf(guarded), {}),
    ],
    bypass_actors: [],
  };
}

function refOf({ branch, isDefault }: GuardedBranch): string {
  return isDefault ? '~DEFAULT_BRANCH' : `refs/heads/${branch}`;
}

function requiredCheck(opsApp: number, check: string, parameters: Readonly<Record<string, unknown>>): Rule {
  return {
    type: 'required_status_checks',
    parameters: {
      do_not_enforce_on_create: false,
      strict_required_status_checks_policy: false,
      ...parameters,
      required_status_checks: [...otherChecks(parameters, check), { context: check, integration_id: opsApp }],
    },
  };
}

const anyChecksSchema = v.object({ required_status_checks: v.array(v.looseObject({ context: v.string() })) });

/** The checks that a rule asks for besides ours, each as it came. */
function otherChecks(parameters: Readonly<Record<string, unknown>>, check: string): { context: string }[] {
  const parsed = v.safeParse(anyChecksSchema, parameters);
  return parsed.success ? parsed.output.required_status_checks.filter(({ context }) => context !== check) : [];
}

export interface Mended {
  body: RulesetBody;
  /** What is changed, each as a part of a sentence; empty when the ruleset is as it should be. */
  changes: string[];
}

/**
 * What is to change in a ruleset that is there. Rules, conditions and people of others stay; neither App goes past it.
 *
 * @param apps both Apps, of which the ops App is there
 */
export function mendRuleset(
  ruleset: Ruleset,
  apps: { ops: AppState; proposer: AppState | undefined },
  guarded: GuardedBranch,
): Mended {
  const changes: string[] = [];
  if (ruleset.enforcement !== 'active') {
    changes.push(`it is active, not "${ruleset.enforcement}"`);
  }
  const refs = mendRefs(ruleset, guarded, changes);
  const rules = mendRules(ruleset.rules, apps.ops.id, guarded, changes);
  const isOurs = ({ type, id }: Bypass) => type === 'Integration' && (id === apps.ops.id || id === apps.proposer?.id);
  if (ruleset.bypass?.some(isOurs) === true) {
    changes.push('neither App may bypass it');
  }
  const bypass = ruleset.bypass?.filter((each) => !isOurs(each));
  return { body: rulesetBody({ ...ruleset, ...refs, bypass, enforcement: 'active' }, rules), changes };
}

/** A ruleset as it is, with other rules. */
export function rulesetBody({ name, enforcement, include, exclude, bypass }: Ruleset, rules: Rule[]): RulesetBody {
  return {
    name,
    target: 'branch',
    enforcement,
    conditions: { ref_name: { include: [...include], exclude: [...exclude] } },
    rules,
    ...(bypass === undefined
      ? {}
      : {
          bypass_actors: bypass.map(({ type, id, mode }) => ({
            actor_type: type,
            actor_id: id ?? null,
            bypass_mode: mode,
          })),
        }),
  };
}

/** A ruleset without a check, as it is sent to GitHub; `undefined` where it does not ask for it. */
export function withoutCheck(ruleset: Ruleset, check: string): RulesetBody | undefined {
  if (!ruleset.rules.some((rule) => sourcesOfCheck(rule, check).length > 0)) {
    return undefined;
  }
  const rules = ruleset.rules.flatMap((rule) => {
    const others = otherChecks(rule.parameters ?? {}, check);
    if (rule.type !== 'required_status_checks') {
      return [rule];
    }
    return others.length === 0 ? [] : [{ ...rule, parameters: { ...rule.parameters, required_status_checks: others } }];
  });
  return rulesetBody(ruleset, rules);
}

function mendRefs(
  ruleset: Ruleset,
  guarded: GuardedBranch,
  changes: string[],
): { include: string[]; exclude: string[] } {
  const { branch, isDefault } = guarded;
  if (includesBranch(ruleset, branch, isDefault)) {
    return { include: [...ruleset.include], exclude: [...ruleset.exclude] };
  }
  changes.push(`it holds on ${isDefault ? 'the default branch' : branch}`);
  return {
    include: [...new Set([...ruleset.include, refOf(guarded)])],
    exclude: ruleset.exclude.filter((pattern) => !matchesBranch(pattern, branch)),
  };
}

function mendRules(given: readonly Rule[], opsApp: number, guarded: GuardedBranch, changes: string[]): Rule[] {
  const isOpen = given.some(({ type }) => type === 'pull_request') && !given.some(forbidsRebase);
  const rules = isOpen ? given.map(withoutRebase) : given;
  changes.push(...(isOpen ? ['it allows no rebase merges'] : []));
  const missing = [...plainRulesOf(guarded).map((type): Rule => ({ type })), PULL_REQUEST].filter(
    ({ type }) => !rules.some((rule) => rule.type === type),
  );
  changes.push(...missing.map(({ type }) => `it has the rule "${type}"`));
  const check = requiredOf(guarded);
  const sources = rules.flatMap((rule) => sourcesOfCheck(rule, check));
  if (sources.length === 1 && sources[0] === opsApp) {
    return [...rules, ...missing];
  }
  changes.push(`it requires "${check}" from the ops App and from nothing else`);
  const checks = rules.find(({ type }) => type === 'required_status_checks');
  const others = rules.filter((rule) => rule !== checks);
  return [...others, ...missing, requiredCheck(opsApp, check, checks?.parameters ?? {})];
}
