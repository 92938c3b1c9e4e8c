import { announcePull } from '../events/pull.js';
import { announce } from '../events/simple.js';
import { commentView, issueView, reviewView } from '../views/issue.js';
import type { Caller } from './accounts.js';
import type { CommentRecord, PullRecord, ReviewRecord } from './records.js';
import type { Actor } from './ref-changes.js';
import { Refusal } from './refusal.js';
import type { Repository } from './repository.js';
import { branchRules } from './rulesets.js';
import type { World } from './world.js';

/** Comments on an issue or pull request. */
export async function addComment(world: World, repository: Repository, caller: Caller, issue: number, body: string) {
  world.usage.create(caller);
  const now = world.now();
  const comment: CommentRecord = {
    id: world.nextId(),
    issue,
    author: caller.account,
    body,
    createdAt: now,
    updatedAt: now,
  };
  repository.comments.set(comment.id, comment);
  await announceComment(world, repository, caller, comment, 'created');
  return comment;
}

/** Rewrites a comment. */
export async function editComment(
  world: World,
  repository: Repository,
  caller: Caller,
  comment: CommentRecord,
  body: string,
) {
  comment.body = body;
  comment.updatedAt = world.now();
  await announceComment(world, repository, caller, comment, 'edited');
}

/** Deletes a comment. */
export async function deleteComment(world: World, repository: Repository, caller: Caller, comment: CommentRecord) {
  repository.comments.delete(comment.id);
  await announceComment(world, repository, caller, comment, 'deleted');
}

/** Adds a review, which an auto-merge may wait for. @throws Refusal 422 when the author approves their own */
export async function addReview(
  world: World,
  repository: Repository,
  caller: Caller,
  pull: PullRecord,
  state: ReviewRecord['state'],
  body: string,
): Promise<ReviewRecord> {
  world.usage.create(caller);
  if (pull.author === caller.account && state === 'APPROVED') {
    throw new Refusal(422, 'Unprocessable Entity', { graphqlMessage: 'Can not approve your own pull request' });
  }
  const review: ReviewRecord = {
    id: world.nextId(),
    author: caller.account,
    state,
    body,
    commit: pull.headOid,
    submittedAt: world.now(),
  };
  pull.reviews.push(review);
  pull.requestedReviewers = pull.requestedReviewers.filter((account) => account !== caller.account);
  await announceReview(world, repository, caller, pull, review, 'submitted');
  await world.afterChange(repository);
  return review;
}

/** Dismisses a review. @throws Refusal 422 unless it approves or asks for changes */
export async function dismissReview(
  world: World,
  repository: Repository,
  actor: Actor,
  pull: PullRecord,
  review: ReviewRecord,
): Promise<void> {
  if (review.state !== 'APPROVED' && review.state !== 'CHANGES_REQUESTED') {
    const graphqlMessage = `Can not dismiss a ${review.state.toLowerCase()} pull request review`;
    throw new Refusal(422, 'Unprocessable Entity', { graphqlMessage });
  }
  review.state = 'DISMISSED';
  await announceReview(world, repository, actor, pull, review, 'dismissed');
}

/** Dismisses the approvals of a pull request whose head moved, where a rule of its base asks for it. */
export async function dismissStale(
  world: World,
  repository: Repository,
  actor: Actor,
  pull: PullRecord,
): Promise<void> {
  if (branchRules(repository, pull.baseRef)?.dismissStale === true) {
    for (const review of pull.reviews.filter(({ state }) => state === 'APPROVED')) {
      await dismissReview(world, repository, actor, pull, review);
    }
  }
}

async function announceReview(
  world: World,
  repository: Repository,
  actor: Actor,
  pull: PullRecord,
  review: ReviewRecord,
  action: 'submitted' | 'dismissed',
) {
  await announcePull(
    world,
    repository,
    actor,
    pull,
    action,
    { review: reviewView(world, repository, pull, review) },
    'pull_request_review',
  );
}

async function announceComment(
  world: World,
  repository: Repository,
  caller: Caller,
  comment: CommentRecord,
  action: string,
) {
  const issue = repository.issue(comment.issue);
  if (issue !== undefined) {
    await announce(world, repository, caller, {
      name: 'issue_comment',
      action,
      payload: { issue: issueView(world, repository, issue), comment: commentView(world, repository, comment) },
    });
  }
}
