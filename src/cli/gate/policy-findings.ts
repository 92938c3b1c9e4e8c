import { openPreviewsText } from '../../ops/judgement/open-previews.js';
import { placesOf } from '../../ops/policy/places.js';
import { hasRules, type Policy } from '../../ops/policy/policy.js';
import type { GateState } from './state.js';

/**
 * The environments whose rules anybody changes, because the policy names no approver anywhere: what decides what may be merged
 * belongs to every environment, and waits for the approvers that there are.
 */
export function changedByAnybody(policy: Policy): string[] {
  return policy.environments.some(({ approvers }) => approvers.length > 0)
    ? []
    : policy.environments.map(({ name }) => name).filter((name) => hasRules(policy, name));
}

/** What somebody could do because of what the default branch has, and what mends it. */
export function policyTexts({
  changedByAnybody: environments,
  openPreviews,
  repository: { owner, name },
}: Pick<GateState, 'changedByAnybody' | 'openPreviews' | 'repository'>): { text: string; mend: string }[] {
  return [
    ...(environments.length === 0 ? [] : [policyText(environments, owner)]),
    ...(openPreviews === undefined ? [] : [openPreviewsText(openPreviews, `${owner}/${name}`, 'ostack')]),
  ];
}

/** What somebody could do to such rules, and the lines of `ostack.yaml` that mend it. @param owner a login as an example */
function policyText(environments: readonly string[], owner: string): { text: string; mend: string } {
  const last = environments.at(-1) ?? 'production';
  return {
    text: `Anyone with write access changes ostack.yaml and .github/**, and with them the rules of ${environments.join(' and ')}, because the policy names no approvers. The next pull request is judged by what they wrote.`,
    mend: `Add to ostack.yaml: "environments: { ${last}: { approvers: [${owner}] } }", beside the rules that ${last} has, with the logins of who may approve.`,
  };
}

/**
 * What is told of environments of which nobody knows where they live: with rules it is open who gets past them.
 *
 * @param policy a settled one
 */
export function unjudgedOf(policy: Policy): { text: string; hasRules: boolean }[] {
  return policy.environments
    .filter((environment) => placesOf(environment, policy).length === 0)
    .map(({ name, repository }) => ({
      text:
        `Whoever may push to the repository of an app changes ${name} past the policy, because ${name} lives in one of each app ` +
        `(${repository}) and ostack.yaml names no apps: list them under "apps".`,
      hasRules: hasRules(policy, name),
    }));
}
