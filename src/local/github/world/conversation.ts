import { announcePull } from '../events/pull.js';
import { announce } from '../events/simple.js';
import { commentView, issueView, reviewView } from '../views/issue.js';
import { pullCommits } from '../views/pull.js';
import type { Account, Caller } from './accounts.js';
import type { CommentRecord, PullRecord, ReactionRecord, ReviewRecord } from './records.js';
import type { Actor } from './ref-change.js';
import { notFound, Refusal } from './refusal.js';
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
    editedAt: undefined,
    reactions: [],
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
  comment.editedAt = comment.updatedAt;
  await announceComment(world, repository, caller, comment, 'edited');
}

/** Reacts to a comment; once more changes nothing. */
export function addReaction(
  world: World,
  { account }: Caller,
  comment: CommentRecord,
  content: string,
): ReactionRecord {
  const before = comment.reactions.find((each) => each.author === account && each.content === content);
  if (before !== undefined) {
    return before;
  }
  const reaction = { id: world.nextId(), author: account, content, createdAt: world.now() };
  comment.reactions.push(reaction);
  return reaction;
}

/** Deletes a comment. */
export async function deleteComment(world: World, repository: Repository, caller: Caller, comment: CommentRecord) {
  repository.comments.delete(comment.id);
  await announceComment(world, repository, caller, comment, 'deleted');
}

/**
 * Adds a review, which an auto-merge may wait for.
 *
 * @param commit what was looked at; the head by default
 * @throws Refusal 422 when the author judges their own, or a workflow's token approves: that is off by default
 */
export async function addReview(
  world: World,
  repository: Repository,
  caller: Caller,
  pull: PullRecord,
  state: ReviewRecord['state'],
  body: string,
  commit = pull.headOid,
): Promise<ReviewRecord> {
  world.usage.create(caller);
  checkReview(caller, pull, state);
  await demandCommit(repository, pull, commit);
  const review: ReviewRecord = {
    id: world.nextId(),
    author: caller.account,
    state,
    body,
    commit,
    submittedAt: world.now(),
  };
  pull.reviews.push(review);
  if (state !== 'PENDING') {
    await follow(world, repository, caller, pull, review);
  }
  return review;
}

/** Submits a pending review. @throws Refusal 422 when it is not pending, or as `addReview` does; 404 for anybody else's */
export async function submitReview(
  world: World,
  repository: Repository,
  caller: Caller,
  pull: PullRecord,
  review: ReviewRecord,
  { state, body }: Pick<ReviewRecord, 'state'> & { body: string | undefined },
): Promise<void> {
  if (review.state === 'PENDING' && review.author !== caller.account) {
    throw notFound();
  }
  if (review.state !== 'PENDING') {
    throw unprocessable('Can not submit a review that is not pending');
  }
  checkReview(caller, pull, state);
  review.state = state;
  review.body = body ?? review.body;
  review.submittedAt = world.now();
  await follow(world, repository, caller, pull, review);
}

async function follow(
  world: World,
  repository: Repository,
  caller: Caller,
  pull: PullRecord,
  review: ReviewRecord,
): Promise<void> {
  pull.requestedReviewers = pull.requestedReviewers.filter((account) => account !== caller.account);
  await announceReview(world, repository, caller, pull, review, 'submitted');
  await world.afterChange(repository);
}

function checkReview({ account }: Caller, pull: PullRecord, state: ReviewRecord['state']): void {
  const acts: Record<string, string> = { APPROVED: 'approve', CHANGES_REQUESTED: 'request changes on' };
  const act = acts[state];
  if (pull.author === account && act !== undefined) {
    throw unprocessable(`Can not ${act} your own pull request`);
  }
  if (account.login === 'github-actions[bot]' && state === 'APPROVED') {
    throw unprocessable('GitHub Actions is not permitted to approve pull requests.');
  }
}

/** @throws Refusal 422 where the commit is none of the pull request's */
async function demandCommit(repository: Repository, pull: PullRecord, commit: string): Promise<void> {
  if (commit !== pull.headOid && !(await pullCommits(repository, pull)).includes(commit)) {
    throw unprocessable('Commit is not part of the pull request');
  }
}

/** GitHub's 422 for what cannot be done with a review. */
function unprocessable(message: string): Refusal {
  return new Refusal(422, 'Unprocessable Entity', { graphqlMessage: message, errors: [message] });
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
    throw unprocessable(`Can not dismiss a ${review.state.toLowerCase()} pull request review`);
  }
  const id = world.nextId();
  pull.dismissals.push({ id, review, before: review.state, actor: actor.account, createdAt: world.now() });
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

/** The reviews of a pull request that an account sees: a pending one is for its author alone. */
export function visibleReviews({ reviews }: PullRecord, account: Account | undefined): ReviewRecord[] {
  return reviews.filter(({ state, author }) => state !== 'PENDING' || author === account);
}
