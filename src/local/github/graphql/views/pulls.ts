import { pullChanges, pullCommits } from '../../views/pull.js';
import { pageUrlOf } from '../../views/repository.js';
import { timestamp } from '../../views/timestamp.js';
import { visibleReviews } from '../../world/conversation.js';
import { isFromFork } from '../../world/forks.js';
import { latestReviews, mayWrite, mergeState, visibleMergeState } from '../../world/mergeability.js';
import type { PullRecord, ReviewRecord } from '../../world/records.js';
import { Refusal } from '../../world/refusal.js';
import { branchRules } from '../../world/rulesets.js';
import { canSee } from '../../world/world.js';
import { connection, type Paging } from '../connection.js';
import { demand, type RepositoryScope } from '../scope.js';
import { actorNode, teamNode } from './actors.js';
import { rollupNode } from './checks.js';
import { commentNode, labelNode } from './issues.js';
import { commitAt } from './objects.js';
import { refAt } from './refs.js';
import { repositoryNode } from './repository.js';

export interface PullArguments extends Paging {
  states?: ('OPEN' | 'CLOSED' | 'MERGED')[] | null;
  headRefName?: string | null;
  baseRefName?: string | null;
  labels?: string[] | null;
  orderBy?: { field: 'CREATED_AT' | 'UPDATED_AT' | 'COMMENTS'; direction: 'ASC' | 'DESC' } | null;
}

/** A filtered page of pull requests, oldest first unless ordered otherwise. */
export function pullsConnection(
  scope: RepositoryScope,
  field: string,
  args: PullArguments,
  also: (pull: PullRecord) => boolean = () => true,
) {
  demand(scope, 'pull_requests');
  const fits = (pull: PullRecord) =>
    (!args.states || args.states.includes(stateOf(pull))) &&
    (!args.headRefName || pull.headRef === args.headRefName) &&
    (!args.baseRefName || pull.baseRef === args.baseRefName) &&
    (!args.labels || pull.labels.some(({ name }) => args.labels?.includes(name))) &&
    also(pull);
  const pulls = [...scope.repository.pulls.values()].filter(fits);
  if (args.orderBy?.field === 'UPDATED_AT') {
    pulls.sort((a, b) => a.updatedAt.getTime() - b.updatedAt.getTime());
  }
  if (args.orderBy?.direction === 'DESC') {
    pulls.reverse();
  }
  return connection(field, pulls, args, (pull) => pullNode(scope, pull));
}

function stateOf(pull: PullRecord): 'OPEN' | 'CLOSED' | 'MERGED' {
  if (pull.mergedAt !== undefined) {
    return 'MERGED';
  }
  return pull.state === 'open' ? 'OPEN' : 'CLOSED';
}

/** A `PullRequest`. */
export function pullNode(scope: RepositoryScope, pull: PullRecord) {
  demand(scope, 'pull_requests');
  const { world, repository } = scope;
  return {
    __typename: 'PullRequest',
    id: `PR_${pull.id}`,
    databaseId: pull.id,
    fullDatabaseId: String(pull.id),
    number: pull.number,
    title: pull.title,
    body: pull.body ?? '',
    bodyText: pull.body ?? '',
    url: `${pageUrlOf(world, repository)}/pull/${pull.number}`,
    permalink: `${pageUrlOf(world, repository)}/pull/${pull.number}`,
    resourcePath: `/${repository.fullName}/pull/${pull.number}`,
    state: stateOf(pull),
    isDraft: pull.draft,
    locked: pull.locked,
    closed: pull.state === 'closed',
    merged: pull.mergedAt !== undefined,
    createdAt: timestamp(pull.createdAt),
    updatedAt: timestamp(pull.updatedAt),
    closedAt: pull.closedAt === undefined ? null : timestamp(pull.closedAt),
    mergedAt: pull.mergedAt === undefined ? null : timestamp(pull.mergedAt),
    mergedBy: pull.mergedBy === undefined ? null : actorNode(scope, pull.mergedBy),
    author: actorNode(scope, pull.author),
    authorAssociation: isFromFork(repository, pull) ? 'FIRST_TIME_CONTRIBUTOR' : 'MEMBER',
    maintainerCanModify: pull.maintainerCanModify,
    viewerDidAuthor: pull.author === scope.caller.account,
    repository: () => repositoryNode(scope),
    ...branches(scope, pull),
    ...merging(scope, pull),
    ...people(scope, pull),
    ...content(scope, pull),
  };
}

function branches(scope: RepositoryScope, pull: PullRecord) {
  const head = { ...scope, repository: pull.headRepository };
  const seen = canSee(scope.caller, pull.headRepository);
  return {
    headRefName: pull.headRef,
    headRefOid: pull.headOid,
    headRef: () => (seen ? refAt(head, `refs/heads/${pull.headRef}`) : null),
    headRepository: () => (seen ? repositoryNode(head) : null),
    headRepositoryOwner: actorNode(scope, pull.headRepository.owner),
    isCrossRepository: isFromFork(scope.repository, pull),
    baseRefName: pull.baseRef,
    baseRefOid: async () => (await scope.repository.branch(pull.baseRef)) ?? pull.baseOid,
    baseRef: () => refAt(scope, `refs/heads/${pull.baseRef}`),
    baseRepository: () => repositoryNode(scope),
  };
}

function merging(scope: RepositoryScope, pull: PullRecord) {
  const { repository } = scope;
  const open = pull.state === 'open';
  const { autoMerge, mergeCommit } = pull;
  return {
    mergeable: async () => {
      const known = await visibleMergeState(scope.world, repository, pull);
      return known === undefined ? 'UNKNOWN' : known.mergeable ? 'MERGEABLE' : 'CONFLICTING';
    },
    mergeStateStatus: async () => (await visibleMergeState(scope.world, repository, pull))?.status ?? 'UNKNOWN',
    mergeCommit: () => (mergeCommit === undefined ? null : commitAt(scope, mergeCommit)),
    potentialMergeCommit: async () => {
      const merge = await repository.refs.get(`refs/pull/${pull.number}/merge`);
      return merge === undefined ? null : commitAt(scope, merge);
    },
    autoMergeRequest: () =>
      autoMerge === undefined
        ? null
        : {
            authorEmail: null,
            commitHeadline: autoMerge.title ?? null,
            commitBody: autoMerge.message ?? null,
            enabledAt: timestamp(autoMerge.enabledAt),
            enabledBy: actorNode(scope, autoMerge.enabledBy),
            mergeMethod: autoMerge.method.toUpperCase(),
            pullRequest: () => pullNode(scope, pull),
          },
    isInMergeQueue: pull.queued !== undefined,
    mergeQueueEntry: () => queueEntryNode(scope, pull),
    viewerCanEnableAutoMerge: async () => {
      const { status } = await mergeState(repository, pull);
      return open && repository.settings.allowAutoMerge && status !== 'CLEAN' && status !== 'UNSTABLE';
    },
    statusCheckRollup: () => rollupNode(scope, pull.headOid),
    reviewDecision: () => {
      const wanted = branchRules(repository, pull.baseRef)?.requiredApprovals ?? 0;
      const states = latestReviews(pull).map(({ state }) => state);
      if (states.includes('CHANGES_REQUESTED')) {
        return 'CHANGES_REQUESTED';
      }
      const approvals = states.filter((state) => state === 'APPROVED').length;
      return wanted === 0 ? null : approvals >= wanted ? 'APPROVED' : 'REVIEW_REQUIRED';
    },
  };
}

/** The `MergeQueueEntry` of a pull request; `null` where it is not in a merge queue. */
export function queueEntryNode(scope: RepositoryScope, pull: PullRecord) {
  const { queued } = pull;
  return queued === undefined
    ? null
    : {
        id: `MQE_${pull.id}`,
        state: 'AWAITING_CHECKS',
        enqueuedAt: timestamp(queued.at),
        enqueuer: actorNode(scope, queued.by),
        pullRequest: (): unknown => pullNode(scope, pull),
      };
}

function people(scope: RepositoryScope, pull: PullRecord) {
  const reviewers = [
    ...pull.requestedReviewers.map((account) => actorNode(scope, account)),
    ...pull.requestedTeams.map((slug) => teamNode(scope, slug)),
  ];
  return {
    assignees: (paging: Paging) =>
      connection('assignees', pull.assignees, paging, (account) => actorNode(scope, account)),
    reviewRequests: (paging: Paging) =>
      connection('reviewRequests', reviewers, paging, (requestedReviewer) => ({
        id: `RR_${pull.id}_${requestedReviewer.id}`,
        asCodeOwner: false,
        requestedReviewer,
      })),
    reviews: (args: Paging & { states?: string[] | null }) => {
      const seen = visibleReviews(pull, scope.caller.account);
      const reviews = seen.filter(({ state }) => !args.states || args.states.includes(state));
      return connection('reviews', reviews, args, (review) => reviewNode(scope, review));
    },
    latestOpinionatedReviews: (args: Paging & { writersOnly?: boolean | null }) => {
      const counts = ({ author }: ReviewRecord) => args.writersOnly !== true || mayWrite(scope.repository, author);
      const reviews = latestReviews(pull).filter(counts);
      return connection('latestOpinionatedReviews', reviews, args, (review) => reviewNode(scope, review));
    },
    latestReviews: (paging: Paging) => {
      const submitted = pull.reviews.filter(({ state }) => state !== 'PENDING');
      const latest = new Map(submitted.map((review) => [review.author.id, review]));
      return connection('latestReviews', [...latest.values()], paging, (review) => reviewNode(scope, review));
    },
  };
}

function reviewNode(scope: RepositoryScope, review: ReviewRecord) {
  return {
    __typename: 'PullRequestReview',
    id: `PRR_${review.id}`,
    databaseId: review.id,
    fullDatabaseId: String(review.id),
    authorCanPushToRepository: mayWrite(scope.repository, review.author),
    author: actorNode(scope, review.author),
    state: review.state,
    body: review.body,
    submittedAt: review.state === 'PENDING' ? null : timestamp(review.submittedAt),
    commit: () => commitAt(scope, review.commit),
  };
}

function content(scope: RepositoryScope, pull: PullRecord) {
  const { repository } = scope;
  const changes = () => pullChanges(repository, pull);
  return {
    labels: (paging: Paging) => connection('labels', pull.labels, paging, (label) => labelNode(scope, label)),
    comments: (paging: Paging) => {
      const comments = [...repository.comments.values()].filter(({ issue }) => issue === pull.number);
      return connection('comments', comments, paging, (comment) => commentNode(scope, comment));
    },
    commits: async (paging: Paging) =>
      connection('commits', await pullCommits(repository, pull), paging, (oid) => ({
        id: `PRC_${pull.id}_${oid}`,
        commit: () => commitAt(scope, oid),
        pullRequest: () => pullNode(scope, pull),
        url: `${pageUrlOf(scope.world, repository)}/pull/${pull.number}/commits/${oid}`,
      })),
    files: async (paging: Paging) =>
      connection('files', await changes(), paging, ({ path, additions, deletions, status }) => ({
        path,
        additions,
        deletions,
        changeType: status === 'removed' ? 'DELETED' : status.toUpperCase(),
      })),
    changedFiles: async () => (await changes()).length,
    additions: async () => (await changes()).reduce((sum, change) => sum + change.additions, 0),
    deletions: async () => (await changes()).reduce((sum, change) => sum + change.deletions, 0),
    timelineItems: (args: Paging & { itemTypes?: string[] | null }) => timeline(scope, pull, args),
  };
}

const timelineTypes: Record<string, string> = {
  ADDED_TO_MERGE_QUEUE_EVENT: 'AddedToMergeQueueEvent',
  // Nothing gives a pull request another base by itself here.
  AUTOMATIC_BASE_CHANGE_SUCCEEDED_EVENT: 'AutomaticBaseChangeSucceededEvent',
  BASE_REF_CHANGED_EVENT: 'BaseRefChangedEvent',
  CLOSED_EVENT: 'ClosedEvent',
  HEAD_REF_FORCE_PUSHED_EVENT: 'HeadRefForcePushedEvent',
  LABELED_EVENT: 'LabeledEvent',
  MERGED_EVENT: 'MergedEvent',
  REOPENED_EVENT: 'ReopenedEvent',
  REVIEW_DISMISSED_EVENT: 'ReviewDismissedEvent',
  UNLABELED_EVENT: 'UnlabeledEvent',
};

/** The timeline of a pull request: only labels, bases, dismissed reviews, forced pushes, the merge queue, closing, opening again and merging are recorded. */
function timeline(scope: RepositoryScope, pull: PullRecord, args: Paging & { itemTypes?: string[] | null }) {
  const types = args.itemTypes ?? [];
  const unknown = types.find((type) => timelineTypes[type] === undefined);
  if (types.length === 0 || unknown !== undefined) {
    throw new Refusal(501, `timelineItems of ${unknown ?? 'all types'} is not supported by the local GitHub`);
  }
  const wanted = new Set(types.map((type) => timelineTypes[type]));
  const events = [
    ...labelEvents(scope, pull),
    ...queueEvents(scope, pull),
    ...baseEvents(scope, pull),
    ...dismissalEvents(scope, pull),
    ...forcePushEvents(scope, pull),
    ...reopenedEvents(scope, pull),
    ...endEvents(scope, pull),
  ];
  const shown = events.filter(({ __typename }) => wanted.has(__typename));
  return connection('timelineItems', shown, args, (event) => event);
}

function labelEvents(scope: RepositoryScope, pull: PullRecord) {
  return pull.labelEvents.map(({ id, type, label, actor, createdAt }) => ({
    __typename: type,
    id: `${type}_${id}`,
    createdAt: timestamp(createdAt),
    actor: actorNode(scope, actor),
    label: (): unknown => labelNode(scope, label),
  }));
}

function forcePushEvents(scope: RepositoryScope, pull: PullRecord) {
  return pull.forcePushes.map(({ id, before, after, actor, createdAt }) => ({
    __typename: 'HeadRefForcePushedEvent',
    id: `HRFPE_${id}`,
    createdAt: timestamp(createdAt),
    actor: actorNode(scope, actor),
    beforeCommit: (): unknown => commitAt(scope, before),
    afterCommit: (): unknown => commitAt(scope, after),
    pullRequest: (): unknown => pullNode(scope, pull),
  }));
}

function dismissalEvents(scope: RepositoryScope, pull: PullRecord) {
  return pull.dismissals.map(({ id, review, before, actor, createdAt }) => ({
    __typename: 'ReviewDismissedEvent',
    id: `RDE_${id}`,
    databaseId: id,
    createdAt: timestamp(createdAt),
    actor: actorNode(scope, actor),
    previousReviewState: before,
    review: () => reviewNode(scope, review),
    pullRequest: () => pullNode(scope, pull),
  }));
}

function baseEvents(scope: RepositoryScope, pull: PullRecord) {
  return pull.baseChanges.map(({ id, from, to, actor, createdAt }) => ({
    __typename: 'BaseRefChangedEvent',
    id: `BRCE_${id}`,
    databaseId: id,
    createdAt: timestamp(createdAt),
    actor: actorNode(scope, actor),
    previousRefName: from,
    currentRefName: to,
    pullRequest: (): unknown => pullNode(scope, pull),
  }));
}

function queueEvents(scope: RepositoryScope, pull: PullRecord) {
  return pull.queueEvents.map(({ id, actor, createdAt }) => ({
    __typename: 'AddedToMergeQueueEvent',
    id: `AddedToMergeQueueEvent_${id}`,
    createdAt: timestamp(createdAt),
    actor: actorNode(scope, actor),
  }));
}

function reopenedEvents(scope: RepositoryScope, pull: PullRecord) {
  return pull.reopenings.map(({ id, actor, createdAt }) => ({
    __typename: 'ReopenedEvent',
    id: `REE_${id}`,
    createdAt: timestamp(createdAt),
    actor: actorNode(scope, actor),
    closable: (): unknown => pullNode(scope, pull),
  }));
}

function endEvents(scope: RepositoryScope, pull: PullRecord) {
  const { closedAt, closedBy, mergedAt } = pull;
  if (closedAt === undefined || closedBy === undefined) {
    return [];
  }
  return [...(mergedAt === undefined ? [] : ['MergedEvent']), 'ClosedEvent'].map((__typename) => ({
    __typename,
    id: `${__typename}_${pull.id}`,
    createdAt: timestamp(closedAt),
    actor: actorNode(scope, closedBy),
    closer: null,
  }));
}
