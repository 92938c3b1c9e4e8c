import type { Account } from '../../world/accounts.js';
import { disableAutoMerge, enableAutoMerge } from '../../world/auto-merge.js';
import { addReview, dismissReview, submitReview } from '../../world/conversation.js';
import { mergePull } from '../../world/merge.js';
import { dequeue, enqueue } from '../../world/merge-queue.js';
import { changePull, openPull, reopenPull } from '../../world/pulls.js';
import type { MergeMethod, PullRecord, ReviewRecord } from '../../world/records.js';
import { Refusal } from '../../world/refusal.js';
import { requestReviews } from '../../world/triage.js';
import { demandWrite } from '../../world/world.js';
import { accountById, labelById, pullById, repositoryById, reviewById } from '../nodes.js';
import type { RepositoryScope, Scope } from '../scope.js';
import { actorNode } from '../views/actors.js';
import { pullNode, queueEntryNode } from '../views/pulls.js';

interface CreatePullRequestInput {
  repositoryId: string;
  headRepositoryId?: string | null;
  baseRefName: string;
  headRefName: string;
  title: string;
  body?: string | null;
  draft?: boolean | null;
  maintainerCanModify?: boolean | null;
}

interface UpdatePullRequestInput {
  pullRequestId: string;
  title?: string | null;
  body?: string | null;
  baseRefName?: string | null;
  state?: 'OPEN' | 'CLOSED' | null;
  labelIds?: string[] | null;
  assigneeIds?: string[] | null;
}

interface MergeInput {
  pullRequestId: string;
  commitHeadline?: string | null;
  commitBody?: string | null;
  expectedHeadOid?: string | null;
  mergeMethod?: 'MERGE' | 'SQUASH' | 'REBASE' | null;
}

const methods: Record<string, MergeMethod> = { MERGE: 'merge', SQUASH: 'squash', REBASE: 'rebase' };

/** Mutations of pull requests. Each demands `pull_requests: write`; merging demands `contents: write`. */
export function pullMutations(scope: Scope) {
  return {
    createPullRequest: async (input: CreatePullRequestInput) => {
      const inside = repositoryById(scope, input.repositoryId);
      const pull = await openPull(inside.world, inside.repository, inside.caller, {
        title: input.title,
        body: input.body ?? null,
        head: input.headRefName.replace(/^refs\/heads\//, ''),
        base: input.baseRefName.replace(/^refs\/heads\//, ''),
        draft: input.draft ?? false,
        maintainerCanModify: input.maintainerCanModify ?? true,
        ...(input.headRepositoryId ? { headRepository: repositoryById(scope, input.headRepositoryId).repository } : {}),
      });
      return { pullRequest: () => pullNode(inside, pull) };
    },
    updatePullRequest: async (input: UpdatePullRequestInput) => {
      const { inside, pull, answer } = changeable(scope, input.pullRequestId);
      await updatePull(inside, pull, input);
      return answer();
    },
    closePullRequest: async ({ pullRequestId }: { pullRequestId: string }) => {
      const { inside, pull, answer } = changeable(scope, pullRequestId);
      await changePull(inside.world, inside.repository, inside.caller, pull, { state: 'closed' });
      return answer();
    },
    reopenPullRequest: async ({ pullRequestId }: { pullRequestId: string }) => {
      const { inside, pull, answer } = changeable(scope, pullRequestId);
      await reopenPull(inside.world, inside.repository, inside.caller, pull);
      return answer();
    },
    ...mergeMutations(scope),
    ...reviewMutations(scope),
  };
}

function mergeMutations(scope: Scope) {
  return {
    mergePullRequest: async (input: MergeInput) => {
      const { inside, pull, answer } = changeable(scope, input.pullRequestId, 'contents');
      await mergePull(inside.world, inside.repository, inside.caller, pull, mergeRequest(input));
      return answer();
    },
    enablePullRequestAutoMerge: async (input: MergeInput) => {
      const { inside, pull, answer } = changeable(scope, input.pullRequestId);
      demandWrite(inside.caller, inside.repository, ['contents']);
      await enableAutoMerge(inside.world, inside.repository, inside.caller, pull, mergeRequest(input));
      return answer();
    },
    enqueuePullRequest: async (input: { pullRequestId: string; expectedHeadOid?: string | null }) => {
      const { inside, pull } = changeable(scope, input.pullRequestId);
      demandWrite(inside.caller, inside.repository, ['contents']);
      await enqueue(inside.world, inside.repository, inside.caller, pull, input.expectedHeadOid ?? undefined);
      return { mergeQueueEntry: () => queueEntryNode(inside, pull) };
    },
    dequeuePullRequest: async ({ id }: { id: string }) => {
      const { inside, pull } = changeable(scope, id);
      await dequeue(inside.world, inside.repository, inside.caller, pull);
      return { mergeQueueEntry: null };
    },
    disablePullRequestAutoMerge: async ({ pullRequestId }: { pullRequestId: string }) => {
      const { inside, pull, answer } = changeable(scope, pullRequestId);
      await disableAutoMerge(inside.world, inside.repository, inside.caller, pull);
      return answer();
    },
  };
}

interface AddReviewInput {
  pullRequestId: string;
  event?: string | null;
  body?: string | null;
  commitOID?: string | null;
}

interface SubmitReviewInput {
  pullRequestReviewId?: string | null;
  event: string;
  body?: string | null;
}

const reviewStates: Record<string, ReviewRecord['state']> = {
  APPROVE: 'APPROVED',
  COMMENT: 'COMMENTED',
  REQUEST_CHANGES: 'CHANGES_REQUESTED',
};

function reviewMutations(scope: Scope) {
  return {
    requestReviews: async (input: {
      pullRequestId: string;
      userIds?: string[] | null;
      teamIds?: string[] | null;
      union?: boolean | null;
    }) => {
      const { inside, pull, answer } = changeable(scope, input.pullRequestId);
      const accounts = (input.userIds ?? []).map((id) => accountById(scope, id));
      const teams = (input.teamIds ?? []).map((id) => id.replace(/^TEAM_/, ''));
      if (input.union !== true) {
        pull.requestedReviewers = pull.requestedReviewers.filter((account) => accounts.includes(account));
        pull.requestedTeams = pull.requestedTeams.filter((team) => teams.includes(team));
      }
      await requestReviews(inside.world, inside.repository, inside.caller, pull, accounts, teams);
      return answer();
    },
    addPullRequestReview: async (input: AddReviewInput) => {
      const { inside, pull, answer } = changeable(scope, input.pullRequestId);
      const state = input.event ? reviewStates[input.event] : 'PENDING';
      if (state === undefined) {
        throw new Refusal(501, `A review with the event ${input.event} is not supported by the local GitHub`);
      }
      const commit = input.commitOID ?? undefined;
      await addReview(inside.world, inside.repository, inside.caller, pull, state, input.body ?? '', commit);
      return answer();
    },
    submitPullRequestReview: async (input: SubmitReviewInput) => {
      const { pull, review } = reviewById(scope, input.pullRequestReviewId ?? '');
      const { inside, answer } = changeable(scope, `PR_${pull.id}`);
      const state = reviewStates[input.event];
      if (state === undefined) {
        throw new Refusal(501, `A review with the event ${input.event} is not supported by the local GitHub`);
      }
      const submitted = { state, body: input.body ?? undefined };
      await submitReview(inside.world, inside.repository, inside.caller, pull, review, submitted);
      return answer();
    },
    dismissPullRequestReview: async ({ pullRequestReviewId }: { pullRequestReviewId: string }) => {
      const { pull, review } = reviewById(scope, pullRequestReviewId);
      const { inside, answer } = changeable(scope, `PR_${pull.id}`);
      await dismissReview(inside.world, inside.repository, inside.caller, pull, review);
      return answer();
    },
  };
}

/** A pull request that the caller may change, and the payload that shows it. */
function changeable(scope: Scope, id: string, permission = 'pull_requests') {
  const { scope: inside, pull } = pullById(scope, id);
  demandWrite(inside.caller, inside.repository, [permission]);
  const answer = () => ({
    pullRequest: () => pullNode(inside, pull),
    actor: () => actorNode(inside, inside.caller.account),
  });
  return { inside, pull, answer };
}

async function updatePull(inside: RepositoryScope, pull: PullRecord, input: UpdatePullRequestInput): Promise<void> {
  await changePull(inside.world, inside.repository, inside.caller, pull, {
    title: input.title ?? undefined,
    body: input.body ?? undefined,
    base: input.baseRefName?.replace(/^refs\/heads\//, '') ?? undefined,
    state: input.state === undefined || input.state === null ? undefined : input.state === 'OPEN' ? 'open' : 'closed',
  });
  if (input.labelIds) {
    pull.labels = input.labelIds.map((id) => labelById(inside, id).label);
  }
  if (input.assigneeIds) {
    pull.assignees = input.assigneeIds.map((id): Account => accountById(inside, id));
  }
}

function mergeRequest(input: MergeInput) {
  return {
    method: methods[input.mergeMethod ?? 'MERGE'] ?? 'merge',
    title: input.commitHeadline ?? undefined,
    message: input.commitBody ?? undefined,
    expectedHead: input.expectedHeadOid ?? undefined,
  };
}
