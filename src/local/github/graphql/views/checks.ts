import { rollupOf } from '../../views/check.js';
import { pageUrlOf } from '../../views/repository.js';
import { timestamp } from '../../views/timestamp.js';
import { latestRuns, latestStatuses } from '../../world/latest-checks.js';
import type { CheckRunRecord, StatusRecord } from '../../world/records.js';
import { branchRules } from '../../world/rulesets.js';
import { connection, type Paging } from '../connection.js';
import { demand, type RepositoryScope } from '../scope.js';
import { actorNode } from './actors.js';
import { commitAt } from './objects.js';

interface RequiredArguments {
  pullRequestNumber?: number | null;
  pullRequestId?: string | null;
}

/** The `StatusCheckRollup` of a commit: `null` when nothing reported anything. */
export function rollupNode(scope: RepositoryScope, sha: string) {
  demand(scope, 'checks', 'statuses');
  const { repository } = scope;
  const verdict = rollupOf(repository, sha);
  if (verdict === undefined) {
    return null;
  }
  const runs = latestRuns(repository, sha).map((run) => checkRunNode(scope, run));
  const statuses = latestStatuses(repository, sha).map((status) => statusContextNode(scope, status));
  return {
    id: `SCR_${sha}`,
    state: verdict.toUpperCase(),
    commit: () => commitAt(scope, sha),
    // GitHub says nothing of their order: whoever looks for a check run finds it last.
    contexts: (paging: Paging) => connection('contexts', [...statuses, ...runs], paging, (context) => context),
  };
}

/** The check suites of a commit: one for each App, and one for each run of a workflow. */
export function checkSuitesOf(scope: RepositoryScope, sha: string, paging: Paging) {
  demand(scope, 'checks');
  const runs = latestRuns(scope.repository, sha);
  const suites = [...new Map(runs.map((run) => [run.suite, run.appId]))];
  return connection('checkSuites', suites, paging, ([suite, appId]) => ({
    ...{ id: `CS_${suite}`, databaseId: suite, app: appNode(scope, appId) },
    checkRuns: (inner: Paging) => {
      const own = runs.filter((run) => run.suite === suite);
      return connection('checkRuns', own, inner, (run) => checkRunNode(scope, run));
    },
  }));
}

/** The `Status` of a commit: its commit statuses only. */
export function statusNode(scope: RepositoryScope, sha: string) {
  demand(scope, 'statuses');
  const statuses = latestStatuses(scope.repository, sha);
  if (statuses.length === 0) {
    return null;
  }
  const failed = statuses.some(({ state }) => state === 'failure' || state === 'error');
  const open = statuses.some(({ state }) => state === 'pending');
  return {
    id: `ST_${sha}`,
    state: failed ? 'FAILURE' : open ? 'PENDING' : 'SUCCESS',
    contexts: statuses.map((status) => statusContextNode(scope, status)),
    context: ({ name }: { name: string }) => {
      const status = statuses.find(({ context }) => context === name);
      return status === undefined ? null : statusContextNode(scope, status);
    },
  };
}

function statusContextNode(scope: RepositoryScope, status: StatusRecord) {
  return {
    __typename: 'StatusContext',
    id: `SC_${status.id}`,
    context: status.context,
    state: status.state.toUpperCase(),
    description: status.description,
    targetUrl: status.targetUrl,
    createdAt: timestamp(status.createdAt),
    creator: actorNode(scope, status.creator),
    commit: () => commitAt(scope, status.sha),
    isRequired: (args: RequiredArguments) =>
      isRequired(scope, status.context, scope.world.apps.ofAccount(status.creator)?.id, args),
  };
}

function checkRunNode(scope: RepositoryScope, run: CheckRunRecord) {
  const page = `${pageUrlOf(scope.world, scope.repository)}/runs/${run.id}`;
  return {
    __typename: 'CheckRun',
    id: `CR_${run.id}`,
    databaseId: run.id,
    externalId: run.externalId,
    name: run.name,
    status: run.status.toUpperCase(),
    conclusion: run.conclusion === null ? null : run.conclusion.toUpperCase(),
    detailsUrl: run.detailsUrl,
    permalink: page,
    url: page,
    title: run.output.title,
    summary: run.output.summary,
    text: run.output.text,
    startedAt: run.startedAt === undefined ? null : timestamp(run.startedAt),
    completedAt: run.completedAt === undefined ? null : timestamp(run.completedAt),
    isRequired: (args: RequiredArguments) => isRequired(scope, run.name, run.appId, args),
    checkSuite: () => ({ id: `CS_${run.suite}`, databaseId: run.suite, app: appNode(scope, run.appId) }),
  };
}

function appNode({ world }: RepositoryScope, id: number) {
  const app = world.apps.find(id);
  return app === undefined
    ? null
    : { id: `A_${app.id}`, databaseId: app.id, slug: app.slug, name: app.name, clientId: app.clientId };
}

function isRequired(
  { repository }: RepositoryScope,
  name: string,
  by: number | undefined,
  args: RequiredArguments,
): boolean {
  const pull = [...repository.pulls.values()].find(
    ({ id, number }) => number === args.pullRequestNumber || `PR_${id}` === args.pullRequestId,
  );
  const rule = branchRules(repository, pull?.baseRef ?? repository.defaultBranch);
  return rule?.requiredChecks.some(({ context, appId }) => context === name && (appId ?? by) === by) ?? false;
}
