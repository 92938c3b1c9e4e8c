import * as v from 'valibot';
import { fullRulesetView, rulesetView, ruleViews } from '../views/ruleset.js';
import { checkRuleset, invalidRuleset, keepRuleset } from '../world/keep-ruleset.js';
import type { BypassActor, KeptRuleset, Ruleset, RulesetRules } from '../world/records.js';
import { notFound, Refusal } from '../world/refusal.js';
import { activeRulesets } from '../world/rulesets.js';
import { allows } from '../world/world.js';
import { changes, paginated, type RepositoryRequest, type Route, readBody, reads } from './router.js';

const permission = ['administration'];

const pullParameters = v.object({
  allowed_merge_methods: v.optional(v.array(v.picklist(['merge', 'squash', 'rebase']))),
  dismiss_stale_reviews_on_push: v.boolean(),
  require_code_owner_review: v.literal(false, 'The local GitHub knows no code owners'),
  require_last_push_approval: v.boolean(),
  required_approving_review_count: v.pipe(v.number(), v.minValue(0), v.maxValue(10)),
  required_review_thread_resolution: v.literal(false, 'The local GitHub has no threads of reviews'),
});
const checkParameters = v.object({
  do_not_enforce_on_create: v.optional(v.boolean(), false),
  required_status_checks: v.array(v.object({ context: v.string(), integration_id: v.optional(v.number()) })),
  strict_required_status_checks_policy: v.boolean(),
});
const queueParameters = v.object({ merge_method: v.picklist(['MERGE', 'SQUASH', 'REBASE']) });

const plain = {
  creation: 'creation',
  update: 'update',
  deletion: 'deletion',
  non_fast_forward: 'nonFastForward',
} as const;
const rule = v.object({ type: v.string(), parameters: v.optional(v.unknown()) });
const actor = v.object({
  actor_id: v.nullish(v.number()),
  actor_type: v.picklist(['Integration', 'OrganizationAdmin', 'RepositoryRole', 'Team', 'User']),
  bypass_mode: v.optional(v.picklist(['always', 'pull_request', 'exempt']), 'always'),
});
const fields = {
  target: v.optional(v.picklist(['branch', 'tag'], 'The local GitHub has rulesets of branches and tags only')),
  bypass_actors: v.optional(v.array(actor)),
  conditions: v.optional(
    v.object({
      ref_name: v.object({
        include: v.optional(v.array(v.string()), []),
        exclude: v.optional(v.array(v.string()), []),
      }),
    }),
  ),
  rules: v.optional(v.array(rule)),
};
const enforcement = v.picklist(['active', 'evaluate', 'disabled']);
const newRuleset = v.object({ ...fields, name: v.string(), enforcement });
const changedRuleset = v.object({ ...fields, name: v.optional(v.string()), enforcement: v.optional(enforcement) });

/** Rulesets of a repository, and the rules of a branch. A private repository on the Free plan has none. */
export const rulesetRoutes: Route[] = routes().map((route) => ({
  ...route,
  handle: (request) => {
    const { world, caller, params } = request;
    const { settings } = world.repositoryFor(caller, `${params.owner}/${params.repo}`);
    if (settings.private && settings.plan === 'free') {
      throw new Refusal(403, 'Upgrade to GitHub Pro or make this repository public to enable this feature.');
    }
    return route.handle(request);
  },
}));

function routes(): Route[] {
  return [
    reads('/rulesets', ['metadata'], async (request) => {
      const { world, repository } = request;
      return paginated(request, [...repository.rulesets.values()], (ruleset) =>
        rulesetView(world, repository, ruleset),
      );
    }),
    changes('POST', '/rulesets', permission, async (request) => {
      const { world, repository, body } = request;
      const input = readBody(newRuleset, body);
      demandFreeName(request, input.name);
      const ruleset = rulesetFrom(input, { target: 'branch', include: [], rules: {} });
      checkRuleset(world, repository, ruleset);
      return { status: 201, body: show(request, keepRuleset(world, repository, input.name, ruleset)) };
    }),
    reads('/rulesets/{ruleset_id}', ['metadata'], async (request) => ({
      status: 200,
      body: show(request, rulesetOf(request)),
    })),
    changes('PUT', '/rulesets/{ruleset_id}', permission, async (request) => {
      const { world, repository, body } = request;
      const input = readBody(changedRuleset, body);
      const known = rulesetOf(request);
      const name = input.name ?? known.name;
      if (name !== known.name) {
        demandFreeName(request, name);
      }
      const changed = rulesetFrom(input, known);
      checkRuleset(world, repository, changed);
      Object.assign(known, changed, { name, updatedAt: world.now() });
      const entries = [...repository.rulesets.values()].map((ruleset) => [ruleset.name, ruleset] as const);
      repository.rulesets.clear();
      for (const [key, ruleset] of entries) {
        repository.rulesets.set(key, ruleset);
      }
      await world.afterChange(repository);
      return { status: 200, body: show(request, known) };
    }),
    changes('DELETE', '/rulesets/{ruleset_id}', permission, async (request) => {
      request.repository.rulesets.delete(rulesetOf(request).name);
      await request.world.afterChange(request.repository);
      return { status: 204 };
    }),
    reads('/rules/branches/{branch+}', ['metadata'], async (request) => {
      const { repository, params } = request;
      const found = activeRulesets(repository, `refs/heads/${params.branch ?? ''}`);
      const rules = found.flatMap((ruleset) =>
        ruleViews(ruleset.rules).map((view) => ({
          ...view,
          ruleset_source_type: 'Repository',
          ruleset_source: repository.fullName,
          ruleset_id: ruleset.id,
        })),
      );
      return paginated(request, rules, (view) => view);
    }),
  ];
}

function show({ world, repository, caller }: RepositoryRequest, ruleset: KeptRuleset) {
  const writes = allows(caller, repository, permission, 'write');
  return fullRulesetView(world, repository, ruleset, caller?.account, writes);
}

function rulesetOf({ repository, params }: RepositoryRequest): KeptRuleset {
  const found = [...repository.rulesets.values()].find(({ id }) => id === Number(params.ruleset_id));
  if (found === undefined) {
    throw notFound();
  }
  return found;
}

function demandFreeName({ repository }: RepositoryRequest, name: string): void {
  if (repository.rulesets.has(name)) {
    throw invalidRuleset('Name must be unique');
  }
}

/** What a request makes of a ruleset; what it leaves out stays. */
function rulesetFrom(input: v.InferOutput<typeof changedRuleset>, known: Ruleset): Ruleset {
  const { conditions, bypass_actors: actors, rules, target, enforcement: force } = input;
  return {
    target: target ?? known.target,
    include: conditions?.ref_name.include ?? known.include,
    exclude: conditions?.ref_name.exclude ?? known.exclude ?? [],
    bypass: actors === undefined ? (known.bypass ?? []) : [],
    actors: actors?.map(actorFrom) ?? known.actors ?? [],
    enforcement: force ?? known.enforcement ?? 'active',
    rules: rules === undefined ? known.rules : rulesFrom(rules),
  };
}

function actorFrom({ actor_id: id, actor_type: type, bypass_mode: mode }: v.InferOutput<typeof actor>): BypassActor {
  return { type, id: id ?? null, mode };
}

/** @throws Refusal 501 for a rule that the local GitHub lacks, 422 for parameters that do not fit */
function rulesFrom(rules: readonly v.InferOutput<typeof rule>[]): RulesetRules {
  const result: RulesetRules = {};
  for (const { type, parameters } of rules) {
    if (type in plain) {
      Object.assign(result, Object.fromEntries([[Reflect.get(plain, type), true]]));
    } else if (type === 'pull_request') {
      Object.assign(result, pullRule(readBody(pullParameters, parameters)));
    } else if (type === 'required_status_checks') {
      Object.assign(result, checkRule(readBody(checkParameters, parameters)));
    } else if (type === 'merge_queue') {
      result.mergeQueue = { method: queueMethods[readBody(queueParameters, parameters).merge_method] };
    } else {
      throw new Refusal(501, `The rule "${type}" is not supported by the local GitHub`);
    }
  }
  return result;
}

const queueMethods = { MERGE: 'merge', SQUASH: 'squash', REBASE: 'rebase' } as const;

function pullRule(parameters: v.InferOutput<typeof pullParameters>): RulesetRules {
  return {
    pullRequest: true,
    requiredApprovals: parameters.required_approving_review_count,
    dismissStale: parameters.dismiss_stale_reviews_on_push,
    lastPushApproval: parameters.require_last_push_approval,
    ...(parameters.allowed_merge_methods === undefined ? {} : { mergeMethods: parameters.allowed_merge_methods }),
  };
}

function checkRule(parameters: v.InferOutput<typeof checkParameters>): RulesetRules {
  return {
    strict: parameters.strict_required_status_checks_policy,
    notOnCreation: parameters.do_not_enforce_on_create,
    requiredChecks: parameters.required_status_checks.map(({ context, integration_id: appId }) => ({
      context,
      ...(appId === undefined ? {} : { appId }),
    })),
  };
}
