import * as v from 'valibot';
import type { GitHub } from '../../github/client.js';
import { APP_ROLES, ROLES, type Role } from './app-roles.js';
import { type Asking, ask, askIfThere } from './ask.js';
import { branchesElsewhere } from './elsewhere.js';
import { settingsOf } from './manifest.js';
import { ENVIRONMENT, RULESET } from './names.js';
import { inOther, nameOfHolder } from './plan-setup.js';
import { ownPreviewsRuleset } from './previews-ruleset.js';
import { pathOf, readState } from './read-state.js';
import {
  type GuardedBranch,
  guardedBranches,
  ownRuleset,
  type RulesetBody,
  requiredOf,
  rulesetNameOf,
  withoutCheck,
} from './ruleset.js';
import type { GateState, Holder, Wanted } from './state.js';

/** One thing that goes. */
export type Removal =
  | { take: 'ruleset'; id: number; name: string; repository?: string }
  /** Somebody's ruleset that asks for more than the check: it keeps the rest. */
  | { take: 'check'; id: number; name: string; check: string; body: RulesetBody; repository?: string }
  | { take: 'environment' }
  | { take: 'secret' | 'variable'; holder: Holder; name: string };

export interface RemovalPlan {
  steps: readonly Removal[];
  /** What only GitHub's pages delete. */
  byHand: readonly string[];
}

/**
 * What of the gate there is to take away. The ruleset goes first: without the check that it asks for nothing would be merged.
 *
 * @param all the proposer's key and variables, too, which releases use without a gate as well
 */
export function planRemoval(state: GateState, all: boolean, server: string): RemovalPlan {
  const previews = ownPreviewsRuleset(state);
  const steps: Removal[] = previews === undefined ? [] : [{ take: 'ruleset', id: previews.id, name: previews.name }];
  steps.push(...guardedBranches(state).flatMap((guarded) => withoutGate(state, guarded)), ...strayRulesets(state));
  steps.push(
    ...branchesElsewhere(state).flatMap((each) => withoutGate(each.state, each.guarded, { repository: each.name })),
  );
  if (state.environment !== undefined) {
    steps.push({ take: 'environment' });
  }
  if (all) {
    steps.push(...state.holders.proposer.flatMap(holdings));
  }
  const roles: readonly Role[] = all ? ROLES : ['ops'];
  const byHand = roles.flatMap((role) => {
    const app = state.apps[role];
    return app === undefined
      ? []
      : [
          `Delete the ${APP_ROLES[role].title} under "Advanced": ${settingsOf(app.slug, state.repository, server)}/advanced`,
        ];
  });
  return { steps, byHand };
}

function withoutGate(state: GateState, guarded: GuardedBranch, at: { repository?: string } = {}): Removal[] {
  const own = ownRuleset(state, guarded);
  if (own === undefined) {
    return [];
  }
  const { id, name } = own;
  if (name === rulesetNameOf(guarded)) {
    return [{ take: 'ruleset', id, name, ...at }];
  }
  const check = requiredOf(guarded);
  const body = withoutCheck(own, check);
  return body === undefined ? [] : [{ take: 'check', id, name, check, body, ...at }];
}

/** Rulesets of ours for branches on which no environment lives any more: nobody makes their check. */
function strayRulesets(state: GateState): Removal[] {
  const known = new Set(guardedBranches(state).map(rulesetNameOf));
  const ours = (state.rulesets ?? []).filter(({ name, own }) => own && name.startsWith(`${RULESET}: `));
  return ours.flatMap(({ id, name }): Removal[] => (known.has(name) ? [] : [{ take: 'ruleset', id, name }]));
}

function holdings(holder: Holder): Removal[] {
  const { secret, clientId, slug } = APP_ROLES.proposer;
  return [
    ...(holder.hasKey ? [{ take: 'secret', holder, name: secret } as const] : []),
    ...(holder.clientId === undefined ? [] : [{ take: 'variable', holder, name: clientId } as const]),
    ...(holder.slug === undefined ? [] : [{ take: 'variable', holder, name: slug } as const]),
  ];
}

/** A removal in one line, in the infinitive. */
export function describeRemoval(step: Removal): string {
  switch (step.take) {
    case 'ruleset':
      return `Delete the ruleset "${step.name}"${inOther(step)}`;
    case 'check':
      return `Take the check "${step.check}" out of the ruleset "${step.name}"${inOther(step)}`;
    case 'environment':
      return `Delete the environment "${ENVIRONMENT}" with its key and variables`;
    default:
      return `Delete the ${step.take} ${step.name} of ${nameOfHolder(step.holder)}`;
  }
}

export interface RemoveOptions {
  github: GitHub;
  wanted: Wanted;
  all: boolean;
  server: string;
  dryRun: boolean;
  say(line: string): void;
}

/**
 * Takes the gate away, and reads back that nothing is left of it.
 *
 * @returns what went, or would go, and what a person deletes
 */
export async function removeGate({
  github,
  wanted,
  all,
  server,
  dryRun,
  say,
}: RemoveOptions): Promise<{ steps: string[]; byHand: readonly string[] }> {
  const { steps, byHand } = planRemoval(await readState(github, wanted), all, server);
  const lines = steps.map(describeRemoval);
  if (dryRun || steps.length === 0) {
    return { steps: lines, byHand };
  }
  const repository = `${wanted.ops.owner}/${wanted.ops.name}`;
  for (const [index, step] of steps.entries()) {
    await take({ github, repository }, step);
    say(lines[index] ?? '');
  }
  const left = planRemoval(await readState(github, wanted), all, server).steps.map(describeRemoval);
  if (left.length > 0) {
    throw new Error(`GitHub took every request, and this is still to do: ${left.join('; ')}. Run it again.`);
  }
  return { steps: lines, byHand };
}

async function take({ github, ...own }: Asking, step: Removal): Promise<void> {
  const repository = ('repository' in step ? step.repository : undefined) ?? own.repository;
  const asking = { github, repository };
  const path = `/repos/${repository}` as const;
  const how = { doing: 'take the gate away', permission: 'administration: write' };
  switch (step.take) {
    case 'ruleset':
      await askIfThere(asking, `DELETE ${path}/rulesets/${step.id}`, v.unknown(), how);
      return;
    case 'check':
      await ask(asking, `PUT ${path}/rulesets/${step.id}`, v.unknown(), { ...how, body: { ...step.body } });
      return;
    case 'environment':
      await askIfThere(asking, `DELETE ${path}/environments/${ENVIRONMENT}`, v.unknown(), how);
      return;
    default: {
      const kind = step.take === 'secret' ? 'secrets' : 'variables';
      await askIfThere(asking, `DELETE ${pathOf(step.holder, kind)}/${step.name}`, v.unknown(), how);
    }
  }
}
