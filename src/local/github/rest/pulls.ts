import * as v from 'valibot';
import { fileView } from '../views/file.js';
import { commitView } from '../views/git.js';
import { reviewView } from '../views/issue.js';
import { fullPullView, pullChanges, pullCommits, pullView } from '../views/pull.js';
import { addReview, dismissReview, submitReview, visibleReviews } from '../world/conversation.js';
import { headLabel } from '../world/forks.js';
import { mergePull } from '../world/merge.js';
import { changePull, openPull, pullByNumber } from '../world/pulls.js';
import type { PullRecord, ReviewRecord } from '../world/records.js';
import { notFound, Refusal } from '../world/refusal.js';
import { requestReviews } from '../world/triage.js';
import { changes, paginated, proposes, type RepositoryRequest, type Route, readBody, reads } from './router.js';

const permission = ['pull_requests'];

const newPull = v.object({
  title: v.string(),
  head: v.string(),
  base: v.string(),
  body: v.nullish(v.string()),
  draft: v.optional(v.boolean(), false),
  maintainer_can_modify: v.optional(v.boolean(), true),
});
const changedPull = v.object({
  title: v.optional(v.string()),
  body: v.nullish(v.string()),
  state: v.optional(v.picklist(['open', 'closed'])),
  base: v.optional(v.string()),
});
const mergeBody = v.object({
  commit_title: v.optional(v.string()),
  commit_message: v.optional(v.string()),
  sha: v.optional(v.string()),
  merge_method: v.optional(v.picklist(['merge', 'squash', 'rebase']), 'merge'),
});
const event = v.picklist(['APPROVE', 'REQUEST_CHANGES', 'COMMENT']);
const reviewBody = v.object({
  event: v.optional(event),
  body: v.optional(v.string(), ''),
  commit_id: v.optional(v.string()),
  comments: v.optional(v.pipe(v.array(v.unknown()), v.maxLength(0, 'The local GitHub has no comments on lines'))),
});
const submittedReview = v.object({ event, body: v.optional(v.string()) });
const dismissal = v.object({ message: v.string(), event: v.optional(v.literal('DISMISS')) });
const reviewersBody = v.object({
  reviewers: v.optional(v.array(v.string()), []),
  team_reviewers: v.optional(v.array(v.string()), []),
});
const reviewStates: Record<string, ReviewRecord['state']> = {
  APPROVE: 'APPROVED',
  REQUEST_CHANGES: 'CHANGES_REQUESTED',
  COMMENT: 'COMMENTED',
};

/** `pulls`: open, list, read, change, merge, and what belongs to one. */
export const pullRoutes: Route[] = [
  proposes('POST', '/pulls', async ({ world, repository, caller, body }) => {
    const input = readBody(newPull, body);
    const pull = await openPull(world, repository, caller, {
      title: input.title,
      body: input.body ?? null,
      head: input.head,
      base: input.base,
      draft: input.draft,
      maintainerCanModify: input.maintainer_can_modify,
    });
    const view = await fullPullView(world, repository, pull);
    return { status: 201, body: view, headers: { location: view.url } };
  }),
  reads('/pulls', permission, async (request) =>
    paginated(request, listed(request), (pull) => pullView(request.world, request.repository, pull)),
  ),
  reads('/pulls/{pull_number}', permission, async (request) => ({
    status: 200,
    body: await fullPullView(request.world, request.repository, pullOf(request)),
  })),
  changes('PATCH', '/pulls/{pull_number}', permission, async (request) => {
    const { world, repository, caller, body } = request;
    const pull = pullOf(request);
    await changePull(world, repository, caller, pull, readBody(changedPull, body));
    return { status: 200, body: await fullPullView(world, repository, pull) };
  }),
  reads('/pulls/{pull_number}/merge', permission, async (request) => {
    return { status: pullOf(request).mergedAt === undefined ? 404 : 204 };
  }),
  changes('PUT', '/pulls/{pull_number}/merge', ['contents'], async (request) => {
    const input = readBody(mergeBody, request.body);
    const sha = await mergePull(request.world, request.repository, request.caller, pullOf(request), {
      method: input.merge_method,
      title: input.commit_title,
      message: input.commit_message,
      expectedHead: input.sha,
    });
    return { status: 200, body: { sha, merged: true, message: 'Pull Request successfully merged' } };
  }),
  reads('/pulls/{pull_number}/commits', permission, async (request) => {
    const { world, repository } = request;
    const ids = await pullCommits(repository, pullOf(request));
    return paginated(request, ids, async (oid) => {
      const commit = await repository.history.commit(oid);
      return commit === undefined ? null : commitView(world, repository, commit);
    });
  }),
  reads('/pulls/{pull_number}/files', permission, async (request) => {
    const pull = pullOf(request);
    return paginated(request, await pullChanges(request.repository, pull), (change) =>
      fileView(request.world, request.repository, pull.headOid, change),
    );
  }),
  ...reviewRoutes(),
];

function reviewRoutes(): Route[] {
  return [
    reads('/pulls/{pull_number}/reviews', permission, async (request) => {
      const pull = pullOf(request);
      return paginated(request, visibleReviews(pull, request.caller?.account), (review) =>
        reviewView(request.world, request.repository, pull, review),
      );
    }),
    reads('/pulls/{pull_number}/reviews/{review_id}', permission, async (request) => {
      const { pull, review } = reviewOf(request);
      return { status: 200, body: reviewView(request.world, request.repository, pull, review) };
    }),
    changes('POST', '/pulls/{pull_number}/reviews/{review_id}/events', permission, async (request) => {
      const { world, repository, caller } = request;
      const { pull, review } = reviewOf(request);
      const input = readBody(submittedReview, request.body);
      const state = reviewStates[input.event] ?? 'COMMENTED';
      await submitReview(world, repository, caller, pull, review, { state, body: input.body });
      return { status: 200, body: reviewView(world, repository, pull, review) };
    }),
    changes('PUT', '/pulls/{pull_number}/reviews/{review_id}/dismissals', permission, async (request) => {
      const { world, repository, caller } = request;
      const { pull, review } = reviewOf(request);
      readBody(dismissal, request.body);
      await dismissReview(world, repository, caller, pull, review);
      return { status: 200, body: reviewView(world, repository, pull, review) };
    }),
    changes('POST', '/pulls/{pull_number}/reviews', permission, async (request) => {
      const { world, repository, caller } = request;
      const input = readBody(reviewBody, request.body);
      const pull = pullOf(request);
      const state = reviewStates[input.event ?? ''] ?? 'PENDING';
      const review = await addReview(world, repository, caller, pull, state, input.body, input.commit_id);
      return { status: 200, body: reviewView(world, repository, pull, review) };
    }),
    changes('POST', '/pulls/{pull_number}/requested_reviewers', permission, async (request) => {
      const { world, repository, caller } = request;
      const { reviewers, team_reviewers: teams } = readBody(reviewersBody, request.body);
      const pull = pullOf(request);
      const accounts = reviewers.map((login) => {
        const account = world.accounts.find(login);
        if (account === undefined) {
          throw new Refusal(
            422,
            'Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator of the repository.',
          );
        }
        return account;
      });
      await requestReviews(world, repository, caller, pull, accounts, teams);
      return { status: 201, body: pullView(world, repository, pull) };
    }),
  ];
}

function reviewOf(request: RepositoryRequest) {
  const pull = pullOf(request);
  const id = Number(request.params.review_id);
  const review = visibleReviews(pull, request.caller?.account).find((each) => each.id === id);
  if (review === undefined) {
    throw notFound();
  }
  return { pull, review };
}

function pullOf({ repository, params }: RepositoryRequest): PullRecord {
  return pullByNumber(repository, Number(params.pull_number));
}

/** Filters and order of the list: https://docs.github.com/rest/pulls/pulls#list-pull-requests */
function listed({ repository, query }: RepositoryRequest): PullRecord[] {
  const state = query.get('state') ?? 'open';
  const head = query.get('head');
  const base = query.get('base');
  const pulls = [...repository.pulls.values()].filter(
    (pull) =>
      (state === 'all' || pull.state === state) &&
      (head === null || headLabel(pull) === head) &&
      (base === null || pull.baseRef === base),
  );
  if (query.get('sort') === 'updated') {
    pulls.sort((a, b) => a.updatedAt.getTime() - b.updatedAt.getTime());
  }
  const fallback = query.has('sort') && query.get('sort') !== 'created' ? 'asc' : 'desc';
  return (query.get('direction') ?? fallback) === 'desc' ? pulls.reverse() : pulls;
}
