import type { Account } from '../world/accounts.js';
import type { KeptRuleset, RulesetRules } from '../world/records.js';
import type { Repository } from '../world/repository.js';
import { asksForPull, bypasses, checksOf } from '../world/rulesets.js';
import type { World } from '../world/world.js';
import { apiUrlOf, pageUrlOf } from './repository.js';
import { timestamp } from './timestamp.js';

/** A ruleset as lists show it (`repository-ruleset`). */
export function rulesetView(world: World, repository: Repository, ruleset: KeptRuleset) {
  return {
    id: ruleset.id,
    name: ruleset.name,
    target: ruleset.target,
    source_type: 'Repository',
    source: repository.fullName,
    enforcement: ruleset.enforcement ?? 'active',
    node_id: `RRS_${ruleset.id}`,
    _links: {
      self: { href: `${apiUrlOf(world, repository)}/rulesets/${ruleset.id}` },
      html: { href: `${pageUrlOf(world, repository)}/rules/${ruleset.id}` },
    },
    created_at: timestamp(ruleset.createdAt),
    updated_at: timestamp(ruleset.updatedAt),
  };
}

/**
 * One ruleset with its rules.
 *
 * @param writes whether the caller may change it: nobody else sees whom it does not bind
 */
export function fullRulesetView(
  world: World,
  repository: Repository,
  ruleset: KeptRuleset,
  caller: Account | undefined,
  writes: boolean,
) {
  return {
    ...rulesetView(world, repository, ruleset),
    conditions: { ref_name: { include: ruleset.include, exclude: ruleset.exclude ?? [] } },
    rules: ruleViews(ruleset.rules),
    ...(writes ? { bypass_actors: actorViews(world, ruleset) } : {}),
    current_user_can_bypass: wayOf(repository, ruleset, caller),
  };
}

function wayOf(repository: Repository, ruleset: KeptRuleset, caller: Account | undefined): string {
  if (caller === undefined || !bypasses(repository, ruleset, caller, 'merge')) {
    return 'never';
  }
  return bypasses(repository, ruleset, caller, 'push') ? 'always' : 'pull_requests_only';
}

function actorViews(world: World, { bypass = [], actors = [] }: KeptRuleset) {
  const named = bypass.map((login) => {
    const account = world.accounts.get(login);
    const app = world.apps.ofAccount(account);
    return {
      actor_id: app?.id ?? account.id,
      actor_type: app === undefined ? 'User' : 'Integration',
      bypass_mode: 'always',
    };
  });
  return [...named, ...actors.map(({ type, id, mode }) => ({ actor_id: id, actor_type: type, bypass_mode: mode }))];
}

/** Rules as REST shows them (`repository-rule`). */
export function ruleViews(rules: RulesetRules): { type: string; parameters?: object }[] {
  const checks = checksOf(rules);
  return [
    ...(rules.creation === true ? [{ type: 'creation' }] : []),
    ...(rules.update === true ? [{ type: 'update' }] : []),
    ...(rules.deletion === true ? [{ type: 'deletion' }] : []),
    ...(rules.nonFastForward === true ? [{ type: 'non_fast_forward' }] : []),
    ...(asksForPull(rules) ? [{ type: 'pull_request', parameters: pullParameters(rules) }] : []),
    ...(checks.length > 0 ? [{ type: 'required_status_checks', parameters: checkParameters(rules) }] : []),
    ...(rules.mergeQueue === undefined
      ? []
      : [
          {
            type: 'merge_queue',
            parameters: { ...queueDefaults, merge_method: rules.mergeQueue.method.toUpperCase() },
          },
        ]),
  ];
}

function pullParameters(rules: RulesetRules) {
  return {
    required_approving_review_count: rules.requiredApprovals ?? 0,
    dismiss_stale_reviews_on_push: rules.dismissStale ?? false,
    require_code_owner_review: false,
    require_last_push_approval: rules.lastPushApproval ?? false,
    required_review_thread_resolution: false,
    allowed_merge_methods: rules.mergeMethods ?? ['merge', 'squash', 'rebase'],
  };
}

function checkParameters(rules: RulesetRules) {
  return {
    strict_required_status_checks_policy: rules.strict ?? false,
    do_not_enforce_on_create: rules.notOnCreation ?? false,
    required_status_checks: checksOf(rules).map(({ context, appId }) => ({
      context,
      ...(appId === undefined ? {} : { integration_id: appId }),
    })),
  };
}

/** The only settings that the queue here has. */
export const queueDefaults = {
  check_response_timeout_minutes: 60,
  grouping_strategy: 'ALLGREEN',
  max_entries_to_build: 5,
  max_entries_to_merge: 5,
  min_entries_to_merge: 1,
  min_entries_to_merge_wait_minutes: 5,
};
