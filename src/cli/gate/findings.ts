import { APP_ROLES, beyond, ROLES, type Role, writing } from './app-roles.js';
import { evidenceFindings } from './evidence-findings.js';
import { CHECK, ENVIRONMENT, GITHUB_ACTIONS_APP } from './names.js';
import { nameOfHolder } from './plan-setup.js';
import { policyTexts } from './policy-findings.js';
import { previewsFindings } from './previews-findings.js';
import {
  forbidsRebase,
  guardsDefaultBranch,
  JUDGED_METHODS,
  judgesTheMerge,
  ownRuleset,
  queuesRebases,
  sourcesOfCheck,
} from './ruleset.js';
import type { AppState, Bypass, GateState, Ruleset } from './state.js';

/** What somebody could do today, or what the gate lacks. */
export interface Finding {
  /** `open`: somebody gets past the gate, or it does not work. `note`: worth knowing, and nothing is open. */
  weight: 'open' | 'note';
  /** Who could do what, because which setting. */
  text: string;
  /** A command or the address of a page. */
  mend: string | undefined;
}

/** How far the policy is enforced. */
export type Level = 'advice' | 'guarded';

/** Addresses and commands of the repository that is looked at. */
export interface Mends {
  /** `https://github.com` */
  server: string;
  /** The command that does what is missing: `ostack gate setup --ops acme/ops`. */
  setup: string;
}

const WRITER = 'Anyone with write access';

/** @returns what is open and what is worth knowing, in the order of the parts of the gate */
export function findings(state: GateState, mends: Mends): Finding[] {
  return [
    ...rulesetFindings(state, mends),
    ...environmentFindings(state, mends),
    ...ROLES.flatMap((role) => appFindings(state, role, mends)),
    ...workflowFindings(state, mends),
    ...(state.unjudged ?? []).map(({ text, hasRules }) =>
      (hasRules ? open : note)(text, pageOf(state, mends, 'settings/rules')),
    ),
    ...policyTexts(state).map(({ text, mend }) => open(text, mend)),
    ...evidenceFindings(state, mends.server),
    ...previewsFindings(state, mends.setup),
  ];
}

/** `guarded` while nothing is open. */
export function levelOf(found: readonly Finding[]): Level {
  return found.some(({ weight }) => weight === 'open') ? 'advice' : 'guarded';
}

const open = (text: string, mend: string | undefined): Finding => ({ weight: 'open', text, mend });
const note = (text: string, mend?: string): Finding => ({ weight: 'note', text, mend });

function pageOf({ repository }: GateState, { server }: Mends, path: string): string {
  return `${server}/${repository.owner}/${repository.name}/${path}`;
}

function rulesetFindings(state: GateState, mends: Mends): Finding[] {
  const { rulesets, repository, apps } = state;
  if (rulesets === undefined) {
    return [
      open(
        `${WRITER} merges what the policy does not permit, because the plan of ${repository.owner} has no rulesets for this repository.`,
        'https://github.com/ostack/actions/blob/main/docs/trust.md#plans',
      ),
    ];
  }
  const holding = rulesets.filter((ruleset) => guardsDefaultBranch(ruleset, repository.defaultBranch));
  const asking = holding.filter(({ rules }) => rules.some((rule) => sourcesOfCheck(rule).length > 0));
  if (asking.length === 0) {
    return [open(`${WRITER} merges what the policy does not permit, because ${whyNone(state)}.`, mends.setup)];
  }
  const sound = asking.filter(({ rules }) => rules.flatMap(sourcesOfCheck).includes(apps.ops?.id ?? Number.NaN));
  if (sound.length === 0) {
    return asking.map((ruleset) => sourceFinding(ruleset, apps.ops, mends));
  }
  return [
    ...ruleFindings(holding, state, mends),
    ...bypassFindings(sound, state),
    ...mergeFindings(holding, state, mends),
  ];
}

/** Why no ruleset asks for the check on the default branch. */
function whyNone(state: GateState): string {
  const own = ownRuleset(state);
  if (own === undefined) {
    return `no ruleset requires the check "${CHECK}"`;
  }
  if (own.enforcement !== 'active') {
    return `the ruleset "${own.name}" is not active ("${own.enforcement}")`;
  }
  return guardsDefaultBranch(own, state.repository.defaultBranch)
    ? `the ruleset "${own.name}" does not require the check "${CHECK}"`
    : `the ruleset "${own.name}" does not hold on ${state.repository.defaultBranch}`;
}

function sourceFinding(ruleset: Ruleset, opsApp: AppState | undefined, mends: Mends): Finding {
  const sources = ruleset.rules.flatMap(sourcesOfCheck);
  const doing = `makes the check "${CHECK}" pass`;
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

/** What each plain rule keeps away. */
const WITHOUT: readonly [rule: string, who: string][] = [
  [
    'pull_request',
    `${WRITER} pushes a commit to the default branch once its check has passed, past the pull request that it was judged in`,
  ],
  [
    'non_fast_forward',
    `${WRITER} sets the default branch back to an older commit whose check had passed, and with it the policy and the history`,
  ],
  ['deletion', `${WRITER} deletes the default branch`],
];

function ruleFindings(holding: readonly Ruleset[], state: GateState, mends: Mends): Finding[] {
  const types = new Set(holding.flatMap(({ rules }) => rules.map(({ type }) => type)));
  const missing = WITHOUT.filter(([rule]) => !types.has(rule)).map(([rule, who]) =>
    open(`${who}, because no ruleset has the rule "${rule}".`, mends.setup),
  );
  return [...missing, ...methodFindings(holding, state, mends)];
}

/** What comes of the ways in which pull requests are merged. */
function methodFindings(holding: readonly Ruleset[], state: GateState, mends: Mends): Finding[] {
  const { mergeMethods } = state.repository;
  const undoes = `${WRITER} undoes what the default branch has got, the policy too, with commits that take each other back`;
  const rules = holding.flatMap((ruleset) => ruleset.rules);
  const isRebased =
    mergeMethods.includes('rebase') && rules.some(({ type }) => type === 'pull_request') && !rules.some(forbidsRebase);
  const queue = holding.find((ruleset) => ruleset.rules.some(queuesRebases));
  return [
    ...(isRebased ? [open(`${undoes}, because rebase merges are allowed.`, mends.setup)] : []),
    ...(queue === undefined
      ? []
      : [open(`${undoes}, because the merge queue of "${queue.name}" rebases.`, queue.link)]),
    ...(mergeMethods.some((method) => JUDGED_METHODS.includes(method))
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

function mergeFindings(holding: readonly Ruleset[], state: GateState, mends: Mends): Finding[] {
  const found: Finding[] = [];
  if (!holding.some(judgesTheMerge)) {
    found.push(
      note(
        'Between a verdict and its withdrawal lie seconds in which a merge goes through: the branch need not be up to date, and there is no merge queue.',
        ownRuleset(state)?.link,
      ),
    );
  }
  if (!state.repository.autoMerge) {
    found.push(note('Nothing merges by itself, because the repository does not allow auto-merge.', mends.setup));
  }
  return found;
}

function environmentFindings(state: GateState, mends: Mends): Finding[] {
  const { environment, repository } = state;
  const reading = "reads the ops App's key with a workflow of";
  const found = state.strayKeys.map(({ at }) =>
    open(
      `${WRITER} ${reading} any branch, because it is a secret of the ${at}, too. Delete it there, and change the key, for it may have been read.`,
      at === 'repository'
        ? `gh secret delete ${APP_ROLES.ops.secret} --repo ${repository.owner}/${repository.name} && ${mends.setup} --new-key ops`
        : `gh secret delete ${APP_ROLES.ops.secret} --org ${repository.owner} && ${mends.setup} --new-key ops`,
    ),
  );
  if (environment === undefined) {
    return [...found, open(`Nothing judges, because there is no environment "${ENVIRONMENT}".`, mends.setup)];
  }
  if (environment.admits !== 'rules') {
    const setting =
      environment.admits === 'all'
        ? 'admits every branch and tag'
        : 'admits "protected branches only", which is every branch where no classic protection is';
    return [
      ...found,
      open(`${WRITER} ${reading} a branch, because the environment "${ENVIRONMENT}" ${setting}.`, mends.setup),
    ];
  }
  if (environment.waits.reviewers.length > 0 || environment.waits.minutes > 0) {
    const what = environment.waits.reviewers.length > 0 ? 'asks somebody to approve each job' : 'lets each job wait';
    found.push(
      open(
        `Nothing judges in time, because the environment "${ENVIRONMENT}" ${what}.`,
        pageOf(state, mends, 'settings/environments'),
      ),
    );
  }
  const others = environment.rules.filter(({ name, type }) => type !== 'branch' || name !== repository.defaultBranch);
  found.push(
    ...others.map(({ name, type }) =>
      open(
        `${WRITER} ${reading} a ${type} "${name}", because the environment "${ENVIRONMENT}" admits it.`,
        mends.setup,
      ),
    ),
  );
  if (others.length === environment.rules.length) {
    found.push(
      open(
        `Nothing judges, because the environment "${ENVIRONMENT}" does not admit ${repository.defaultBranch}.`,
        mends.setup,
      ),
    );
  }
  return found;
}

function appFindings(state: GateState, role: Role, mends: Mends): Finding[] {
  const app = state.apps[role];
  const { title, permissions, secret } = APP_ROLES[role];
  const without = role === 'ops' ? 'Nothing judges' : 'Nothing is proposed';
  if (app === undefined) {
    return [open(`${without}, because no ${title} is known.`, mends.setup)];
  }
  const found: Finding[] = [];
  const lacking = state.holders[role].filter(({ hasKey, clientId }) => !hasKey || clientId !== app.clientId);
  for (const holder of lacking) {
    found.push(
      open(
        `${without} from ${nameOfHolder(holder)}, because it does not have the key of ${app.slug} (${secret}).`,
        mends.setup,
      ),
    );
  }
  const settings = `${mends.server}/${state.repository.ownerIsOrganisation ? `organizations/${state.repository.owner}/` : ''}settings/`;
  const more = beyond(writing(app.permissions), permissions);
  if (more.length > 0) {
    found.push(
      open(
        `${holderOf(role)} does more than it has to, because ${app.slug} has ${more.join(', ')}.`,
        `${settings}apps/${app.slug}/permissions`,
      ),
    );
  }
  const less = beyond(permissions, app.permissions);
  if (less.length > 0) {
    found.push(
      open(
        `The ${title} cannot do its work, because ${app.slug} lacks ${less.join(', ')}.`,
        `${settings}apps/${app.slug}/permissions`,
      ),
    );
  }
  if (app.installed === 'nowhere') {
    found.push(
      open(`${without}, because ${app.slug} is not installed.`, `${mends.server}/apps/${app.slug}/installations/new`),
    );
  }
  if (app.installed === 'all') {
    found.push(
      open(
        `${holderOf(role)} reaches every repository of ${state.repository.owner}, because ${app.slug} is installed on all of them.`,
        `${settings}installations`,
      ),
    );
  }
  return found;
}

function holderOf(role: Role): string {
  return role === 'ops'
    ? "Whoever gets hold of the ops App's key"
    : "Whoever gets hold of the proposer's key (every workflow of an apps repository can read it)";
}

function workflowFindings(state: GateState, mends: Mends): Finding[] {
  const { missingWorkflows, disabledWorkflows, workflowToken, repository } = state;
  const found = missingWorkflows.map((path) =>
    open(
      `Nothing judges, because ${repository.defaultBranch} has no ${path}.`,
      'https://github.com/ostack/actions/tree/main/workflows/ops',
    ),
  );
  found.push(
    ...disabledWorkflows.map(({ path, state: why }) =>
      open(
        `Nothing judges, and what was allowed before stays so, because ${path} is disabled (${why}): ${whoDisabled(why)}.`,
        `gh workflow enable ${path.split('/').at(-1)} --repo ${repository.owner}/${repository.name}`,
      ),
    ),
  );
  if (workflowToken.approves) {
    found.push(
      note(
        'A workflow of any branch approves pull requests as github-actions, because the repository lets workflows do so. The gate does not count it; reviews that GitHub requires do.',
        pageOf(state, mends, 'settings/actions'),
      ),
    );
  }
  if (workflowToken.writes) {
    found.push(
      note(
        "Workflows that do not say their permissions may write, because that is the repository's default.",
        pageOf(state, mends, 'settings/actions'),
      ),
    );
  }
  return found;
}

function whoDisabled(state: string): string {
  return state === 'disabled_inactivity'
    ? 'GitHub does so after 60 days without a commit in a public repository'
    : 'anyone with write access can do so';
}
