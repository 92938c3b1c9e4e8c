import { APP_ROLES, type Role, rolesOf } from './app-roles.js';
import { branchesElsewhere } from './elsewhere.js';
import { privateSources } from './evidence-findings.js';
import { CHECK, ENVIRONMENT, PREVIEWS_WORKFLOW } from './names.js';
import { mendPreviewsRuleset, ownPreviewsRuleset } from './previews-ruleset.js';
import {
  type GuardedBranch,
  guardedBranches,
  mendRuleset,
  ownRuleset,
  type RulesetBody,
  requiredOf,
  sourcesOfCheck,
} from './ruleset.js';
import type { AppState, BranchRule, EnvironmentState, GateState, Holder } from './state.js';

/** One thing that is missing or not as it should be. Their order is the order in which they are done. */
export type Step =
  | { do: 'allow-auto-merge' }
  /** Made, or its setting of branches changed: then it admits what its rules name. */
  | { do: 'restrict-environment'; made: boolean; waits: EnvironmentState['waits'] }
  | { do: 'add-branch-rule'; branch: string }
  | { do: 'remove-branch-rule'; rule: BranchRule }
  | { do: 'make-app'; role: Role; holders: readonly Holder[] }
  /** An App that is there: a new key of it goes to those that have none. */
  | { do: 'give-key'; role: Role; app: AppState; holders: readonly Holder[] }
  | { do: 'write-variables'; role: Role; app: AppState; holders: readonly Holder[] }
  | { do: 'install'; role: Role }
  /** Asked with a key that passes through this process: GitHub tells the App alone where it is installed. */
  | { do: 'install-for-evidence'; repositories: readonly string[] }
  | { do: 'first-check' }
  | { do: 'enable-workflow'; path: string }
  /** In another repository, `owner/name`, where one is said. */
  | { do: 'make-ruleset'; guarded: GuardedBranch; repository?: string }
  | { do: 'make-previews-ruleset'; branch: string }
  | { do: 'mend-previews-ruleset'; id: number; name: string; body: RulesetBody; changes: readonly string[] }
  | {
      do: 'mend-ruleset';
      id: number;
      name: string;
      body: RulesetBody;
      changes: readonly string[];
      guarded: GuardedBranch;
      repository?: string;
    };

export interface SetupPlan {
  steps: readonly Step[];
  /** What only a person can answer, with what to say; nothing is done while there is one. */
  questions: readonly string[];
}

/**
 * What is to be done so that the gate is as it should be: the difference, and nothing else. Done to its end, the next plan
 * is empty.
 *
 * @param newKeys Apps whose keys are to be new, although there are some
 */
export function planSetup(state: GateState, newKeys: readonly Role[] = []): SetupPlan {
  const roles = rolesOf(state);
  const questions = roles.flatMap((role) => unknownApp(state, role));
  const steps = [
    ...(state.repository.autoMerge ? [] : [{ do: 'allow-auto-merge' } as const]),
    ...planEnvironment(state),
    // The ops App to its end first: without a second key, only the process that made it can make its first check.
    ...roles.flatMap((role): Step[] => [
      ...planApp(state, role, newKeys.includes(role)),
      ...(isToBeInstalled(state, role) ? [{ do: 'install', role } as const] : []),
      ...(role === 'ops' && !hasChecked(state) ? [{ do: 'first-check' } as const] : []),
      ...(role === 'ops' ? planEvidence(state, newKeys.includes(role)) : []),
    ]),
    // Before the ruleset: what requires a check that nobody makes lets nothing in.
    ...state.disabledWorkflows.map(({ path }) => ({ do: 'enable-workflow', path }) as const),
    ...guardedBranches(state).flatMap((guarded) => planRuleset(state, guarded)),
    ...(state.previews.disabled === undefined ? [] : [{ do: 'enable-workflow', path: PREVIEWS_WORKFLOW } as const]),
    ...planPreviewsRuleset(state),
    // Last: GitHub refuses them until somebody has installed the App there.
    ...branchesElsewhere(state).flatMap((each) => planRuleset(each.state, each.guarded, { repository: each.name })),
  ];
  return { steps, questions };
}

/** Places that have a key, while nothing tells whose it is. */
function unknownApp({ apps, holders }: GateState, role: Role): string[] {
  const keyed = holders[role].filter(({ hasKey }) => hasKey);
  if (apps[role] !== undefined || keyed.length === 0) {
    return [];
  }
  const { title, secret } = APP_ROLES[role];
  const option = role === 'ops' ? '--ops-app' : '--proposer';
  return [
    `${keyed.map(nameOfHolder).join(', ')} ${keyed.length === 1 ? 'has' : 'have'} the secret ${secret}, and nothing tells ` +
      `which App it is of. Say ${option} <name>, which is the end of the address of the App's page ` +
      `(github.com/apps/<name>), or delete the secret, and the ${title} is made anew.`,
  ];
}

function planEnvironment({ environment, repository }: GateState): Step[] {
  const branch = repository.defaultBranch;
  const isWanted = ({ name, type }: BranchRule) => name === branch && type === 'branch';
  const rules = environment?.rules ?? [];
  const steps: Step[] = [];
  if (environment?.admits !== 'rules') {
    const waits = environment?.waits ?? { minutes: 0, reviewers: [], preventSelfReview: false };
    steps.push({ do: 'restrict-environment', made: environment === undefined, waits });
  }
  // Removed first: between two requests, the environment admits less rather than more.
  steps.push(...rules.filter((rule) => !isWanted(rule)).map((rule) => ({ do: 'remove-branch-rule', rule }) as const));
  if (!rules.some(isWanted)) {
    steps.push({ do: 'add-branch-rule', branch });
  }
  return steps;
}

function planApp({ apps, holders }: GateState, role: Role, newKey: boolean): Step[] {
  const app = apps[role];
  const places = holders[role];
  if (app === undefined) {
    return [{ do: 'make-app', role, holders: places }];
  }
  // Variables of another App say that the key beside them is another's, too.
  const keyless = places.filter(
    ({ hasKey, clientId }) => newKey || !hasKey || (clientId !== undefined && clientId !== app.clientId),
  );
  const unsaid = places.filter(({ clientId, slug }) => clientId !== app.clientId || slug !== app.slug);
  return [
    ...(keyless.length === 0 ? [] : [{ do: 'give-key', role, app, holders: keyless } as const]),
    ...(unsaid.length === 0 ? [] : [{ do: 'write-variables', role, app, holders: unsaid } as const]),
  ];
}

/**
 * Where the ops App has to be installed so that it reads runs. Only its key tells whether it is, so that is asked where the key is
 * at hand; else `gate check` says that nobody can tell.
 */
function planEvidence(state: GateState, newKey: boolean): Step[] {
  const hasKey = !hasChecked(state) || planApp(state, 'ops', newKey).some((step) => step.do !== 'write-variables');
  const own = `${state.repository.owner}/${state.repository.name}`.toLowerCase();
  const repositories = privateSources(state.evidence).filter((name) => name.toLowerCase() !== own);
  return hasKey && repositories.length > 0 && state.apps.ops?.installed !== 'all'
    ? [{ do: 'install-for-evidence', repositories }]
    : [];
}

function isToBeInstalled(state: GateState, role: Role): boolean {
  const installed = state.apps[role]?.installed ?? 'nowhere';
  // Where nobody tells, the check that the App made does. The proposer makes nothing that could tell.
  const told = role === 'ops' ? hasChecked(state) : true;
  return installed === 'nowhere' || (installed !== 'all' && !told);
}

function hasChecked(state: GateState): boolean {
  const app = state.apps.ops;
  return app !== undefined && (state.checkMade || requiresCheckOf(state, app));
}

function requiresCheckOf(state: GateState, app: AppState): boolean {
  return (
    ownRuleset(state)
      ?.rules.flatMap((rule) => sourcesOfCheck(rule))
      .includes(app.id) ?? false
  );
}

function planRuleset(state: GateState, guarded: GuardedBranch, at: { repository?: string } = {}): Step[] {
  const own = ownRuleset(state, guarded);
  const { ops, proposer } = state.apps;
  if (own === undefined || ops === undefined) {
    return [{ do: 'make-ruleset', guarded, ...at }];
  }
  const { body, changes } = mendRuleset(own, { ops, proposer }, guarded);
  return changes.length === 0
    ? []
    : [{ do: 'mend-ruleset', id: own.id, name: own.name, body, changes, guarded, ...at }];
}

/** Once the workflow is there that writes previews with the ops App's key: before, nobody could. */
function planPreviewsRuleset(state: GateState): Step[] {
  const { branch, isServed } = state.previews;
  const own = ownPreviewsRuleset(state);
  const { ops, proposer } = state.apps;
  if (!isServed) {
    return [];
  }
  if (own === undefined || ops === undefined) {
    return [{ do: 'make-previews-ruleset', branch }];
  }
  const { body, changes } = mendPreviewsRuleset(own, { ops, proposer }, branch);
  return changes.length === 0 ? [] : [{ do: 'mend-previews-ruleset', id: own.id, name: own.name, body, changes }];
}

/** A place as people call it. */
export function nameOfHolder({ repository, environment }: Holder): string {
  const name = `${repository.owner}/${repository.name}`;
  return environment === undefined ? name : `the environment ${environment} of ${name}`;
}

/**
 * A step in one line, in the infinitive.
 *
 * @param proposed the names that Apps would get
 */
export function describeStep(step: Step, proposed: Readonly<Record<Role, string>>): string {
  switch (step.do) {
    case 'allow-auto-merge':
      return 'Allow auto-merge in the repository';
    case 'restrict-environment':
      return step.made
        ? `Make the environment "${ENVIRONMENT}", which admits the branches that it names and nothing else`
        : `Let the environment "${ENVIRONMENT}" admit the branches that it names and nothing else`;
    case 'add-branch-rule':
      return `Let the environment "${ENVIRONMENT}" admit the branch ${step.branch}`;
    case 'remove-branch-rule':
      return `Take the ${step.rule.type} rule "${step.rule.name}" off the environment "${ENVIRONMENT}"`;
    case 'make-app':
      return `Make the ${APP_ROLES[step.role].title} "${proposed[step.role]}" (one click); its key goes to ${namesOf(step.holders)}`;
    case 'give-key':
      return `Take a new key of the ${APP_ROLES[step.role].title} "${step.app.slug}" for ${namesOf(step.holders)}`;
    case 'write-variables':
      return `Say which App the ${APP_ROLES[step.role].title} is (${step.app.slug}) in ${namesOf(step.holders)}`;
    case 'install':
      return `Install the ${APP_ROLES[step.role].title} on the repository (one click)`;
    case 'install-for-evidence':
      return `See that the ops App is installed on ${step.repositories.join(' and ')}, whose runs it reads (one click where it is not)`;
    case 'first-check':
      return `Make the first check "${CHECK}", so that GitHub knows its source`;
    case 'enable-workflow':
      return `Enable the workflow ${step.path}`;
    case 'make-ruleset':
      return `Make the ruleset ${step.guarded.isDefault ? '' : `of ${step.guarded.branch}${inOther(step)} `}that requires "${requiredOf(step.guarded)}" of the ops App, for everybody`;
    case 'make-previews-ruleset':
      return `Make the ruleset that lets the ops App alone make, move and delete ${step.branch}`;
    case 'mend-previews-ruleset':
      return `Mend the ruleset "${step.name}": ${step.changes.join('; ')}`;
    case 'mend-ruleset':
      return `Mend the ruleset "${step.name}"${inOther(step)}: ${step.changes.join('; ')}`;
  }
}

/** Where something is, where that is another repository: ` in acme/far`. */
export function inOther({ repository }: { repository?: string }): string {
  return repository === undefined ? '' : ` in ${repository}`;
}

function namesOf(holders: readonly Holder[]): string {
  return holders.map(nameOfHolder).join(', ');
}
