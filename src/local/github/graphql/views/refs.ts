import { refNodeId } from '../../views/git.js';
import type { Protection, Ruleset } from '../../world/records.js';
import { checksOf, rulesetsOf, ruleTypes } from '../../world/rulesets.js';
import { allows } from '../../world/world.js';
import { connection, type Paging } from '../connection.js';
import { demand, type RepositoryScope } from '../scope.js';
import { objectAt } from './objects.js';
import { type PullArguments, pullsConnection } from './pulls.js';
import { repositoryNode } from './repository.js';

/** A `Ref`. `name` is the full one. */
export function refNode(scope: RepositoryScope, name: string, oid: string) {
  const prefix = /^refs\/(?:heads|tags)\//.exec(name)?.[0] ?? 'refs/';
  const short = name.slice(prefix.length);
  const rule = prefix === 'refs/heads/' ? scope.repository.protections.get(short) : undefined;
  return {
    __typename: 'Ref',
    id: refNodeId(scope.repository, name),
    name: short,
    prefix,
    target: () => objectAt(scope, oid),
    repository: () => repositoryNode(scope),
    associatedPullRequests: (args: PullArguments) =>
      pullsConnection(
        scope,
        'associatedPullRequests',
        args,
        (pull) => pull.headRef === short && pull.headRepository === scope.repository,
      ),
    // GitHub shows no rule to whoever it does not bind: administrators have been seen to get none.
    refUpdateRule: () => (rule === undefined || scope.caller.administers ? null : updateRuleNode(scope, short, rule)),
    branchProtectionRule: () => (rule === undefined ? null : protectionNode(scope, short, rule)),
    rules: (paging: Paging) =>
      connection('rules', rulesetsOf(scope.repository, name, undefined).flatMap(ruleNodes), paging, (node) => node),
  };
}

/** Rules of a ruleset; of their parameters, the checks that are required and the approvals that changes take. */
function ruleNodes(ruleset: Ruleset) {
  const requiredStatusChecks = checksOf(ruleset.rules).map(({ context, appId = null }) => ({
    context,
    integrationId: appId,
  }));
  const requiredApprovingReviewCount = ruleset.rules.requiredApprovals ?? 0;
  const parameters: Record<string, object> = {
    REQUIRED_STATUS_CHECKS: { __typename: 'RequiredStatusChecksParameters', requiredStatusChecks },
    PULL_REQUEST: { __typename: 'PullRequestParameters', requiredApprovingReviewCount },
  };
  return ruleTypes(ruleset).map((type) => ({ type, parameters: parameters[type] ?? null }));
}

/** A ref by its name, full or as `refs(refPrefix:)` would find it; `null` when there is none. */
export async function refAt(scope: RepositoryScope, qualifiedName: string) {
  demand(scope, 'contents');
  const candidates = qualifiedName.startsWith('refs/')
    ? [qualifiedName]
    : [`refs/heads/${qualifiedName}`, `refs/tags/${qualifiedName}`, `refs/${qualifiedName}`];
  for (const name of candidates) {
    const oid = await scope.repository.refs.get(name);
    if (oid !== undefined) {
      return refNode(scope, name, oid);
    }
  }
  return null;
}

export interface RefsArguments extends Paging {
  refPrefix: string;
  query?: string | null;
  direction?: 'ASC' | 'DESC' | null;
  orderBy?: { field: 'ALPHABETICAL' | 'TAG_COMMIT_DATE'; direction: 'ASC' | 'DESC' } | null;
}

/** `Repository.refs`. */
export async function refsConnection(scope: RepositoryScope, args: RefsArguments) {
  demand(scope, 'contents');
  const prefix = args.refPrefix.endsWith('/') ? args.refPrefix : `${args.refPrefix}/`;
  let refs = [...(await scope.repository.refs.list(prefix))];
  if (args.query) {
    const wanted = args.query.toLowerCase();
    refs = refs.filter(([name]) => name.slice(prefix.length).toLowerCase().includes(wanted));
  }
  if (args.orderBy?.field === 'TAG_COMMIT_DATE') {
    const dated = await Promise.all(
      refs.map(async (ref) => {
        const commit = await scope.repository.history.commit(ref[1]);
        return { ref, at: commit?.committer.date.getTime() ?? 0 };
      }),
    );
    refs = dated.sort((a, b) => a.at - b.at).map(({ ref }) => ref);
  }
  if ((args.orderBy?.direction ?? args.direction) === 'DESC') {
    refs.reverse();
  }
  return connection('refs', refs, args, ([name, oid]) => refNode(scope, name, oid));
}

/** A branch's protection as everyone may read it. */
function updateRuleNode(scope: RepositoryScope, pattern: string, rule: Protection) {
  return {
    pattern,
    allowsDeletions: false,
    allowsForcePushes: false,
    blocksCreations: false,
    requiredApprovingReviewCount: rule.requiredApprovals ?? 0,
    requiredStatusCheckContexts: rule.requiredChecks ?? [],
    requiresCodeOwnerReviews: false,
    requiresConversationResolution: false,
    requiresLinearHistory: false,
    requiresSignatures: false,
    viewerAllowedToDismissReviews: false,
    viewerCanPush: allows(scope.caller, scope.repository, ['contents'], 'write'),
  };
}

/** The rule itself. GitHub shows it only to tokens that may administer the repository. */
export function protectionNode(scope: RepositoryScope, pattern: string, rule: Protection) {
  demand(scope, 'administration');
  return {
    id: `BPR_${scope.repository.id}_${pattern}`,
    pattern,
    allowsDeletions: false,
    allowsForcePushes: false,
    blocksCreations: false,
    isAdminEnforced: true,
    requiresApprovingReviews: (rule.requiredApprovals ?? 0) > 0,
    requiredApprovingReviewCount: rule.requiredApprovals ?? 0,
    requiresStatusChecks: (rule.requiredChecks ?? []).length > 0,
    requiredStatusCheckContexts: rule.requiredChecks ?? [],
    requiresStrictStatusChecks: rule.strict ?? false,
    requiresCodeOwnerReviews: false,
    requiresConversationResolution: false,
  };
}
