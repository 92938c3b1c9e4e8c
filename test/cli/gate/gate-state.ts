import { APP_ROLES, type Role } from '../../../src/cli/gate/app-roles.js';
import { newPreviewsRuleset } from '../../../src/cli/gate/previews-ruleset.js';
import { newRuleset } from '../../../src/cli/gate/ruleset.js';
import type { AppState, Bypass, GateState, Holder, PreviewsState, Rule, Ruleset } from '../../../src/cli/gate/state.js';

export const OPS_APP = 71;
export const PROPOSER = 72;

export function app(role: Role, changes: Partial<AppState> = {}): AppState {
  return {
    id: role === 'ops' ? OPS_APP : PROPOSER,
    slug: role === 'ops' ? 'acme-ops-gate' : 'acme-ops-proposer',
    clientId: `Iv23${role}`,
    permissions: APP_ROLES[role].permissions,
    installed: 'selected',
    ...changes,
  };
}

export function holder(role: Role, changes: Partial<Holder> = {}, name = 'ops'): Holder {
  const { clientId, slug } = app(role);
  const environment = role === 'ops' ? 'ostack-gate' : undefined;
  return { repository: { owner: 'acme', name }, environment, hasKey: true, clientId, slug, ...changes };
}

/** The ruleset that setup makes, as GitHub would show it. */
export function ruleset(changes: Partial<Ruleset> = {}): Ruleset {
  const { name, conditions, rules } = newRuleset(OPS_APP);
  return {
    ...{ id: 5, name, own: true, link: 'https://github.com/acme/ops/rules/5', target: 'branch', enforcement: 'active' },
    ...{ ...conditions.ref_name, rules, bypass: [] },
    ...changes,
  };
}

/** Rules with the required check of these sources; `undefined` is any source. */
export function checksOf(...sources: (number | undefined)[]): Rule[] {
  const required = sources.map((id) => ({
    context: 'oStack / gate',
    ...(id === undefined ? {} : { integration_id: id }),
  }));
  const parameters = { strict_required_status_checks_policy: false, required_status_checks: required };
  return [
    ...ruleset().rules.filter(({ type }) => type !== 'required_status_checks'),
    { type: 'required_status_checks', parameters },
  ];
}

export function without(type: string): Rule[] {
  return ruleset().rules.filter((rule) => rule.type !== type);
}

export function bypass(type: string, id?: number, mode = 'always'): Bypass {
  return { type, id, mode };
}

/** A policy that says nothing of previews, and nothing that would write them. */
export const NO_PREVIEWS: PreviewsState = {
  ...{ branch: 'ostack/previews', isUsed: false, isServed: false, disabled: undefined, sources: [] },
};

/** Previews that ops alone writes, and the ruleset that setup makes for them. */
export const SERVED: PreviewsState = { ...NO_PREVIEWS, isUsed: true, isServed: true, sources: ['acme/apps'] };

export function previewsRuleset(changes: Partial<Ruleset> = {}): Ruleset {
  const { name, conditions, rules, bypass_actors: actors = [] } = newPreviewsRuleset(OPS_APP, SERVED.branch);
  return {
    ...{ ...ruleset(), id: 6, name, ...conditions.ref_name, rules },
    bypass: actors.map(({ actor_type, actor_id, bypass_mode }) =>
      bypass(actor_type, actor_id ?? undefined, bypass_mode),
    ),
    ...changes,
  };
}

/** A gate in which nothing is missing. */
export function goodState(changes: Partial<GateState> = {}): GateState {
  return {
    repository: {
      owner: 'acme',
      name: 'ops',
      ownerIsOrganisation: true,
      defaultBranch: 'main',
      head: 'a'.repeat(40),
      autoMerge: true,
      mergeMethods: ['merge', 'squash', 'rebase'],
    },
    environment: {
      admits: 'rules',
      rules: [{ id: 1, name: 'main', type: 'branch' }],
      waits: { minutes: 0, reviewers: [], preventSelfReview: false },
    },
    strayKeys: [],
    rulesets: [ruleset()],
    apps: { ops: app('ops'), proposer: app('proposer') },
    holders: { ops: [holder('ops')], proposer: [holder('proposer'), holder('proposer', {}, 'apps')] },
    checkMade: true,
    missingWorkflows: [],
    previews: NO_PREVIEWS,
    disabledWorkflows: [],
    changedByAnybody: [],
    workflowToken: { writes: false, approves: false },
    ...changes,
  };
}

export function environment(changes: Partial<NonNullable<GateState['environment']>>) {
  return { ...NO_WAIT, ...goodState().environment, ...changes };
}

const NO_WAIT = {
  admits: 'rules' as const,
  rules: [],
  waits: { minutes: 0, reviewers: [], preventSelfReview: false },
};
