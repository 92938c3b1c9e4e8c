import type { Account } from './accounts.js';
import type { BypassActor, Protection, RequiredCheck, Role, Ruleset, RulesetRules } from './records.js';
import type { Repository } from './repository.js';

/** What the rules of a branch come to, classic protection and rulesets together. */
export interface BranchRules extends Omit<RulesetRules, 'requiredChecks' | 'mergeMethods'> {
  requiredChecks: readonly RequiredCheck[];
  mergeMethods: readonly string[] | undefined;
}

/** How an account would change a ref: a bypass may be for merges of pull requests only. */
export type Way = 'push' | 'merge';

/**
 * The active rulesets of a ref that bind an account: those whose bypass list does not name it.
 *
 * @param account `undefined` for everybody
 */
export function rulesetsOf(
  repository: Repository,
  ref: string,
  account: Account | undefined,
  way: Way = 'push',
): Ruleset[] {
  return activeRulesets(repository, ref).filter(
    (ruleset) => account === undefined || !bypasses(repository, ruleset, account, way),
  );
}

/** The active rulesets of a ref. */
export function activeRulesets(repository: Repository, ref: string) {
  return [...repository.rulesets.values()].filter(
    ({ target, include, exclude = [], enforcement = 'active' }) =>
      enforcement === 'active' &&
      ref.startsWith(target === 'branch' ? 'refs/heads/' : 'refs/tags/') &&
      include.some((pattern) => matches(repository, pattern, ref)) &&
      !exclude.some((pattern) => matches(repository, pattern, ref)),
  );
}

/** Whether a ruleset does not bind an account that changes a ref in some way. */
export function bypasses(repository: Repository, ruleset: Ruleset, account: Account, way: Way): boolean {
  const { bypass = [], actors = [] } = ruleset;
  return (
    bypass.includes(account.login) ||
    actors.some((actor) => (actor.mode !== 'pull_request' || way === 'merge') && isActor(repository, actor, account))
  );
}

/** Roles by GitHub's ids, the weakest first: a bypass for one is for every stronger one. */
const roles: readonly { id: number; role: Role }[] = [
  { id: 1, role: 'read' },
  { id: 3, role: 'triage' },
  { id: 4, role: 'write' },
  { id: 2, role: 'maintain' },
  { id: 5, role: 'admin' },
];

function isActor(repository: Repository, { type, id }: BypassActor, account: Account): boolean {
  const { apps, accounts } = repository.people;
  switch (type) {
    case 'Integration':
      return apps.ofAccount(account)?.id === id;
    case 'OrganizationAdmin':
      return accounts.isAdministrator(account);
    case 'Team':
      return accounts.teamById(id ?? 0)?.members.includes(account) ?? false;
    case 'User':
      return account.id === id;
    case 'RepositoryRole': {
      const rank = (fits: (one: { id: number; role: Role }) => boolean) => roles.findIndex(fits);
      const wanted = rank((one) => one.id === id);
      return wanted >= 0 && rank(({ role }) => role === roleOf(repository, account)) >= wanted;
    }
  }
}

/** What an account is in a repository. An App has no role; people have `write` unless something else was said. */
export function roleOf(repository: Repository, account: Account): Role | undefined {
  if (account.type === 'Bot') {
    return undefined;
  }
  const isOwner = account === repository.owner || repository.people.accounts.isAdministrator(account);
  return repository.roles.get(account.id) ?? (isOwner ? 'admin' : 'write');
}

/** The rules of a branch, by their name without `refs/heads/`; `undefined` where there are none. */
export function branchRules(
  repository: Repository,
  branch: string,
  account?: Account,
  way: Way = 'merge',
): BranchRules | undefined {
  const classic: Protection | undefined = repository.protections.get(branch);
  const rulesets = rulesetsOf(repository, `refs/heads/${branch}`, account, way).map(({ rules }) => rules);
  if (classic === undefined && rulesets.length === 0) {
    return undefined;
  }
  const all: RulesetRules[] = [...(classic === undefined ? [] : [classic]), ...rulesets];
  const mergeQueue = all.find((rule) => rule.mergeQueue !== undefined)?.mergeQueue;
  const methods = all.flatMap(({ mergeMethods }) => (mergeMethods === undefined ? [] : [mergeMethods]));
  const any = (has: (rule: RulesetRules) => boolean | undefined) => all.some((rule) => has(rule) === true);
  return {
    requiredChecks: distinct(all.flatMap((rule) => checksOf(rule))),
    requiredApprovals: Math.max(...all.map(({ requiredApprovals = 0 }) => requiredApprovals)),
    strict: any(({ strict }) => strict),
    pullRequest: any(({ pullRequest }) => pullRequest),
    update: any(({ update }) => update),
    dismissStale: any(({ dismissStale }) => dismissStale),
    lastPushApproval: any(({ lastPushApproval }) => lastPushApproval),
    mergeMethods: methods.length === 0 ? undefined : methods.reduce((a, b) => a.filter((one) => b.includes(one))),
    ...(mergeQueue === undefined ? {} : { mergeQueue }),
  };
}

/** Whether rules let a branch be deleted, as GitHub does with one that was merged: protected ones stay. */
export function mayBeDeleted(repository: Repository, branch: string, account: Account): boolean {
  const rulesets = rulesetsOf(repository, `refs/heads/${branch}`, account);
  return !repository.protections.has(branch) && rulesets.every(({ rules }) => rules.deletion !== true);
}

/** The checks that a rule requires. */
export function checksOf({ requiredChecks = [] }: Pick<RulesetRules, 'requiredChecks'>): RequiredCheck[] {
  return requiredChecks.map((check) => (typeof check === 'string' ? { context: check } : check));
}

function distinct(checks: readonly RequiredCheck[]): RequiredCheck[] {
  return [...new Map(checks.map((check) => [`${check.appId ?? ''} ${check.context}`, check])).values()];
}

/** GitHub's name of each rule, as GraphQL's `RepositoryRuleType` has it. */
export function ruleTypes({ rules }: Ruleset): string[] {
  const types: [boolean | undefined, string][] = [
    [rules.creation, 'CREATION'],
    [rules.update, 'UPDATE'],
    [rules.deletion, 'DELETION'],
    [rules.nonFastForward, 'NON_FAST_FORWARD'],
    [asksForPull(rules), 'PULL_REQUEST'],
    [checksOf(rules).length > 0, 'REQUIRED_STATUS_CHECKS'],
    [rules.mergeQueue !== undefined, 'MERGE_QUEUE'],
  ];
  return types.flatMap(([isOn, type]) => (isOn === true ? [type] : []));
}

/** Whether rules want changes to come by pull requests. */
export function asksForPull(rules: Pick<RulesetRules, 'pullRequest' | 'requiredApprovals'>): boolean {
  return rules.pullRequest === true || (rules.requiredApprovals ?? 0) > 0;
}

/**
 * Matches as GitHub does, with Ruby's `fnmatch` and `FNM_PATHNAME`: `*` ends at a slash, and only `**` with a slash after it goes over several.
 *
 * @see https://docs.github.com/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/creating-rulesets-for-a-repository#using-fnmatch-syntax
 */
function matches(repository: Repository, pattern: string, ref: string): boolean {
  if (pattern === '~ALL') {
    return true;
  }
  if (pattern === '~DEFAULT_BRANCH') {
    return ref === `refs/heads/${repository.defaultBranch}`;
  }
  return fitsPattern(pattern, ref);
}

/** Whether a name fits one of GitHub's patterns. */
export function fitsPattern(pattern: string, name: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*\*\/|\*+|\?/g, (found) => (found === '**/' ? '(?:[^/]+/)*' : found === '?' ? '[^/]' : '[^/]*'));
  return new RegExp(`^${source}$`).test(name);
}
