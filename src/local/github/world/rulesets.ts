import type { Account } from './accounts.js';
import type { Protection, Ruleset } from './records.js';
import type { Repository } from './repository.js';

/** What the rules of a branch come to, classic protection and rulesets together. */
export type BranchRules = Protection & Pick<Ruleset['rules'], 'pullRequest'>;

/**
 * The rulesets of a ref that bind an account: those whose bypass list does not name it.
 *
 * @param account `undefined` for everybody
 */
export function rulesetsOf(repository: Repository, ref: string, account: Account | undefined): Ruleset[] {
  return [...repository.rulesets.values()].filter(
    ({ target, include, exclude = [], bypass = [] }) =>
      ref.startsWith(target === 'branch' ? 'refs/heads/' : 'refs/tags/') &&
      include.some((pattern) => matches(repository, pattern, ref)) &&
      !exclude.some((pattern) => matches(repository, pattern, ref)) &&
      !(account !== undefined && bypass.includes(account.login)),
  );
}

/** The rules of a branch, by their name without `refs/heads/`; `undefined` where there are none. */
export function branchRules(repository: Repository, branch: string, account?: Account): BranchRules | undefined {
  const classic = repository.protections.get(branch);
  const rulesets = rulesetsOf(repository, `refs/heads/${branch}`, account).map(({ rules }) => rules);
  if (classic === undefined && rulesets.length === 0) {
    return undefined;
  }
  const all: BranchRules[] = [...(classic === undefined ? [] : [classic]), ...rulesets];
  const mergeQueue = all.find((rule) => rule.mergeQueue !== undefined)?.mergeQueue;
  return {
    requiredChecks: [...new Set(all.flatMap(({ requiredChecks = [] }) => requiredChecks))],
    requiredApprovals: Math.max(...all.map(({ requiredApprovals = 0 }) => requiredApprovals)),
    strict: all.some(({ strict }) => strict === true),
    pullRequest: all.some(({ pullRequest }) => pullRequest === true),
    ...(mergeQueue === undefined ? {} : { mergeQueue }),
  };
}

/** GitHub's name of each rule, as GraphQL's `RepositoryRuleType` has it. */
export function ruleTypes({ rules }: Ruleset): string[] {
  const types: [boolean | undefined, string][] = [
    [rules.creation, 'CREATION'],
    [rules.update, 'UPDATE'],
    [rules.deletion, 'DELETION'],
    [rules.nonFastForward, 'NON_FAST_FORWARD'],
    [rules.pullRequest === true || (rules.requiredApprovals ?? 0) > 0, 'PULL_REQUEST'],
    [(rules.requiredChecks ?? []).length > 0, 'REQUIRED_STATUS_CHECKS'],
    [rules.mergeQueue !== undefined, 'MERGE_QUEUE'],
  ];
  return types.flatMap(([isOn, type]) => (isOn === true ? [type] : []));
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
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*\*\/|\*+|\?/g, (found) => (found === '**/' ? '(?:[^/]+/)*' : found === '?' ? '[^/]' : '[^/]*'));
  return new RegExp(`^${source}$`).test(ref);
}
