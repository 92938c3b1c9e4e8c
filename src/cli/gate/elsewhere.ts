import { type Finding, type Mends, note, open } from './finding.js';
import type { GuardedBranch } from './ruleset.js';
import { branchFindings, noRulesets } from './ruleset-findings.js';
import type { GateState, OtherState } from './state.js';

/** A branch of another repository that the gate judges, and the gate as it is there: the rulesets are that repository's, the Apps the same. */
export interface BranchElsewhere {
  /** `owner/name` */
  name: string;
  guarded: GuardedBranch;
  state: GateState;
}

/** The branches of other repositories that the gate judges, as far as this token is shown them. Each has a check of its own name. */
export function branchesElsewhere(state: GateState): BranchElsewhere[] {
  return (state.elsewhere?.repositories ?? []).flatMap(({ name, found }) =>
    found?.rulesets === undefined
      ? []
      : found.branches.map((branch) => ({
          name,
          guarded: { branch, isDefault: false },
          state: { ...state, repository: found.repository, rulesets: found.rulesets },
        })),
  );
}

/** What is open of environments in other repositories. */
export function elsewhereFindings(state: GateState, mends: Mends): Finding[] {
  const { isAsked, repositories = [] } = state.elsewhere ?? {};
  const names = repositories.map(({ name }) => name).join(' and ');
  const { owner, name, defaultBranch } = state.repository;
  const workflow = `${mends.server}/${owner}/${name}/edit/${defaultBranch}/.github/workflows/ops-gate.yml`;
  return [
    ...(repositories.length === 0 || isAsked === true
      ? []
      : [open(`Nothing judges in ${names}, because ops-gate.yml does not say "elsewhere: true".`, workflow)]),
    ...repositories.flatMap((other) => unshown(other, mends)),
    ...branchesElsewhere(state).flatMap((each) =>
      branchFindings(each.guarded, each.state, mends).map((found) => ({
        ...found,
        text: `In ${each.name}: ${found.text}`,
      })),
    ),
    ...(repositories.length === 0
      ? []
      : [
          note(
            `The ops App judges in ${names} where it is installed, which GitHub tells the App alone: the summary of the gate says where it is not.`,
            state.apps.ops && `${mends.server}/apps/${state.apps.ops.slug}/installations/new`,
          ),
        ]),
  ];
}

/** What this token cannot tell of a repository, or what its plan lacks. */
function unshown({ name, environments, hasRules, found, problem = '' }: OtherState, { server }: Mends): Finding[] {
  const weigh = hasRules ? open : note;
  const [owner = ''] = name.split('/');
  if (found === undefined) {
    const who = `Whoever may push to ${name} changes ${environments.join(' and ')} past the policy, as far as this token is shown`;
    return [weigh(`${who}: ${problem}`, `${server}/${name}/settings/rules`)];
  }
  return found.rulesets === undefined ? [noRulesets(owner, `In ${name}: `)] : [];
}
