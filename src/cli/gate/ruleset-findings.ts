import { APP_ROLES, ROLES } from './app-roles.js';
import { type Finding, type Mends, note, open, pageOf, WRITER } from './finding.js';
import { CHECK, GITHUB_ACTIONS_APP } from './names.js';
import {
  forbidsRebase,
  type GuardedBranch,
  guardedBranches,
  holdsOn,
  JUDGED_METHODS,
  judgesTheMerge,
  ownRuleset,
  queuesRebases,
  requiredOf,
  sourcesOfCheck,
} from './ruleset.js';
import type { AppState, Bypass, GateState, Ruleset } from './state.js';

/** What is open of the rulesets of the branches that the gate judges. */
export function rulesetFindings(state: GateState, mends: Mends): Finding[] {
  const { rulesets, repository } = state;
  if (rulesets === undefined) {
    return [noRulesets(repository.owner)];
  }
  return [
    ...guardedBranches(state).flatMap((guarded) => branchFindings(guarded, state, mends)),
    ...mergeFindings(state, mends),
  ];
}

/** What is open where there can be no rulesets. @param at the beginning of the sentence */
export function noRulesets(owner: string, at = ''): Finding {
  return open(
    `${at}${WRITER} merges what the policy does not permit, because the plan of ${owner} has no rulesets for this repository.`,
    'https://github.com/ostack/actions/blob/main/docs/trust.md#plans',
  );
}

/** What is open on one branch that the gate judges. */
export function branchFindings(guarded: GuardedBranch, state: GateState, mends: Mends): Finding[] {
  const holding = holdingOn(guarded, state);
  const asking = holding.filter((ruleset) => sourcesIn(ruleset, guarded).length > 0);
  if (asking.length === 0) {
    const into = guarded.isDefault ? '' : ` into ${guarded.branch}`;
    const why = whyNone(state, guarded);
    return [open(`${WRITER} merges what the policy does not permit${into}, because ${why}.`, mends.setup)];
  }
  const sound = soundOn(guarded, state);
  return sound.length === 0
    ? asking.map((ruleset) => sourceFinding(ruleset, guarded, state.apps.ops, mends))
    : [
        ...ruleFindings(holding, guarded, state, mends),
        ...strangerFindings(holding, guarded),
        ...bypassFindings(sound, state),
      ];
}

/** The check of another branch is never made of a pull request into this one. */
function strangerFindings(holding: readonly Ruleset[], { branch, isDefault }: GuardedBranch): Finding[] {
  return isDefault
    ? []
    : holding
        .filter(({ rules }) => rules.some((rule) => sourcesOfCheck(rule).length > 0))
        .map(({ name, link }) =>
          open(
            `Nothing comes into ${branch}, because the ruleset "${name}" requires "${CHECK}" there, which is the check of the default branch.`,
            link,
          ),
        );
}

/** Why no ruleset asks for the check on a branch. */
function whyNone(state: GateState, guarded: GuardedBranch): string {
  const own = ownRuleset(state, guarded);
  if (own === undefined) {
    return `no ruleset requires the check "${requiredOf(guarded)}"`;
  }
  if (own.enforcement !== 'active') {
    return `the ruleset "${own.name}" is not active ("${own.enforcement}")`;
  }
  return holdsOn(own, guarded)
    ? `the ruleset "${own.name}" does not require the check "${requiredOf(guarded)}"`
    : `the ruleset "${own.name}" does not hold on ${guarded.branch}`;
}

function sourceFinding(ruleset: Ruleset, guarded: GuardedBranch, opsApp: AppState | undefined, mends: Mends): Finding {
  const sources = sourcesIn(ruleset, guarded);
  const doing = `makes the check "${requiredOf(guarded)}" pass`;
  if (sources.includes(undefined)) {
    return open(`${WRITER} ${doing}, because the ruleset "${ruleset.name}" takes it from any source.`, mends.setup);
  }
  if (sources.includes(GITHUB_ACTIONS_APP)) {
    return open(
      `${WRITER} ${doing} with a workflow of a branch, because the ruleset "${ruleset.name}" expects it from GitHub Actions.`,
      mends.setup,
    );
  }
  const known = opsApp === undefined ? 'and nothing tells which App is the ops App' : `and not from ${opsApp.slug}`;
  return open(
    `Whoever holds the key of the App ${sources.join(', ')} ${doing}, because the ruleset "${ruleset.name}" expects it from there, ${known}.`,
    mends.setup,
  );
}

/** What each plain rule keeps away from a branch. */
function without({ branch, isDefault }: GuardedBranch): [rule: string, who: string][] {
  const name = isDefault ? 'the default branch' : `the branch ${branch}`;
  const lost = isDefault ? 'the policy and the history' : 'its history';
  return [
    [
      'pull_request',
      `${WRITER} pushes a commit to ${name} once its check has passed, past the pull request that it was judged in`,
    ],
    ['non_fast_forward', `${WRITER} sets ${name} back to an older commit whose check had passed, and with it ${lost}`],
    ['deletion', `${WRITER} deletes ${name}`],
    ...(isDefault ? [] : [['creation', `${WRITER} makes ${name} anew where it is gone`] satisfies [string, string]]),
  ];
}

function ruleFindings(holding: readonly Ruleset[], guarded: GuardedBranch, state: GateState, mends: Mends): Finding[] {
  const types = new Set(holding.flatMap(({ rules }) => rules.map(({ type }) => type)));
  const missing = without(guarded)
    .filter(([rule]) => !types.has(rule))
    .map(([rule, who]) => open(`${who}, because no ruleset has the rule "${rule}".`, mends.setup));
  return [...missing, ...methodFindings(holding, guarded, state, mends)];
}

/** What comes of the ways in which pull requests are merged. */
function methodFindings(
  holding: readonly Ruleset[],
  { branch, isDefault }: GuardedBranch,
  state: GateState,
  mends: Mends,
): Finding[] {
  const { mergeMethods } = state.repository;
  const what = isDefault ? 'the default branch has got, the policy too,' : `${branch} has got,`;
  const undoes = `${WRITER} undoes what ${what} with commits that take each other back`;
  const rules = holding.flatMap((ruleset) => ruleset.rules);
  const isRebased =
    mergeMethods.includes('rebase') && rules.some(({ type }) => type === 'pull_request') && !rules.some(forbidsRebase);
  const queue = holding.find((ruleset) => ruleset.rules.some(queuesRebases));
  return [
    ...(isRebased ? [open(`${undoes}, because rebase merges are allowed.`, mends.setup)] : []),
    ...(queue === undefined
      ? []
      : [open(`${undoes}, because the merge queue of "${queue.name}" rebases.`, queue.link)]),
    ...(!isDefault || mergeMethods.some((method) => JUDGED_METHODS.includes(method))
      ? []
      : [
          open(
            'Nothing can be merged, because the repository allows rebase merges alone: allow squash merges.',
            pageOf(state, mends, 'settings'),
          ),
        ]),
  ];
}

/** The repository role of administrators, in GitHub's numbers. */
const ADMIN_ROLE = 5;

function bypassFindings(sound: readonly Ruleset[], state: GateState): Finding[] {
  // Rules of several rulesets add up: who is bound by one of them is held back by it.
  const shown = sound.filter(({ bypass }) => bypass !== undefined);
  const [first, ...others] = shown;
  if (first === undefined) {
    const names = sound.map(({ name }) => `"${name}"`).join(', ');
    return [note(`Who may bypass the ruleset ${names} is not shown to this token: ask an owner.`, sound[0]?.link)];
  }
  const everywhere = (first.bypass ?? []).filter((each) =>
    others.every(({ bypass = [] }) => bypass.some((other) => isSame(each, other))),
  );
  return everywhere.map((each) => {
    const where = each.mode === 'pull_request' ? ' in pull requests' : '';
    const because = `because the ruleset "${first.name}" lets ${nameOfBypass(each, state)} bypass it${where}`;
    if (each.type === 'OrganizationAdmin' || (each.type === 'RepositoryRole' && each.id === ADMIN_ROLE)) {
      return note(
        `An administrator merges what the policy does not permit, ${because}; the audit shows it.`,
        first.link,
      );
    }
    return open(`${whoIs(each, state)} merges what the policy does not permit, ${because}.`, first.link);
  });
}

function isSame(a: Bypass, b: Bypass): boolean {
  return a.type === b.type && a.id === b.id;
}

function whoIs({ type, id }: Bypass, state: GateState): string {
  const role = ROLES.find((each) => type === 'Integration' && state.apps[each]?.id === id);
  if (role === 'proposer') {
    return "Whoever holds the proposer's key (every workflow of an apps repository can read it)";
  }
  return type === 'Integration'
    ? 'Whoever holds the key of that App'
    : type === 'DeployKey'
      ? 'Whoever holds a deploy key'
      : 'Whoever that is';
}

function nameOfBypass({ type, id }: Bypass, { apps }: GateState): string {
  const role = ROLES.find((each) => type === 'Integration' && apps[each]?.id === id);
  const number = id === undefined ? '' : ` ${id}`;
  const names: Record<string, string> = {
    Integration: role === undefined ? `the App${number}` : `the ${APP_ROLES[role].title}`,
    RepositoryRole: id === ADMIN_ROLE ? 'administrators' : `the repository role${number}`,
    Team: `the team${number}`,
    User: `the user${number}`,
    DeployKey: 'deploy keys',
    OrganizationAdmin: 'owners of the organisation',
  };
  return names[type] ?? `${type}${number}`;
}

/** What is worth knowing where the policy is enforced. */
function mergeFindings(state: GateState, mends: Mends): Finding[] {
  const sound = guardedBranches(state).filter((guarded) => soundOn(guarded, state).length > 0);
  const loose = sound.filter((guarded) => !holdingOn(guarded, state).some(judgesTheMerge));
  const [first] = loose;
  const where = loose.every(({ isDefault }) => isDefault)
    ? 'the branch'
    : `the branch (${loose.map(({ branch }) => branch).join(', ')})`;
  return [
    ...(first === undefined
      ? []
      : [
          note(
            `Between a verdict and its withdrawal lie seconds in which a merge goes through: ${where} need not be up to date, and there is no merge queue.`,
            ownRuleset(state, first)?.link,
          ),
        ]),
    ...(sound.length === 0 || state.repository.autoMerge
      ? []
      : [note('Nothing merges by itself, because the repository does not allow auto-merge.', mends.setup)]),
  ];
}

function holdingOn(guarded: GuardedBranch, { rulesets = [] }: GateState): Ruleset[] {
  return rulesets.filter((ruleset) => holdsOn(ruleset, guarded));
}

/** The rulesets that require the check of a branch from the ops App. */
function soundOn(guarded: GuardedBranch, state: GateState): Ruleset[] {
  const isOps = (source: number | undefined) => source !== undefined && source === state.apps.ops?.id;
  return holdingOn(guarded, state).filter((ruleset) => sourcesIn(ruleset, guarded).some(isOps));
}

function sourcesIn({ rules }: Ruleset, guarded: GuardedBranch): (number | undefined)[] {
  return rules.flatMap((rule) => sourcesOfCheck(rule, requiredOf(guarded)));
}
