import { APP_ROLES, beyond, type Role, rolesOf, writing } from './app-roles.js';
import { elsewhereFindings } from './elsewhere.js';
import { evidenceFindings } from './evidence-findings.js';
import { type Finding, type Level, type Mends, note, open, pageOf, WRITER } from './finding.js';
import { ENVIRONMENT } from './names.js';
import { nameOfHolder } from './plan-setup.js';
import { policyTexts } from './policy-findings.js';
import { previewsFindings } from './previews-findings.js';
import { rulesetFindings } from './ruleset-findings.js';
import type { GateState } from './state.js';

export type { Finding, Level, Mends } from './finding.js';

/** @returns what is open and what is worth knowing, in the order of the parts of the gate */
export function findings(state: GateState, mends: Mends): Finding[] {
  return [
    ...rulesetFindings(state, mends),
    ...environmentFindings(state, mends),
    ...rolesOf(state).flatMap((role) => appFindings(state, role, mends)),
    ...workflowFindings(state, mends),
    ...elsewhereFindings(state, mends),
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
      `https://github.com/ostack/actions/tree/main/workflows/${state.isInfra === true ? 'infra' : 'ops'}`,
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
