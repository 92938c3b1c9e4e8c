import type { CommentRecord, IssueRecord, PullRecord, ReviewRecord } from '../world/records.js';
import type { Repository } from '../world/repository.js';
import type { World } from '../world/world.js';
import { labelView } from './pull.js';
import { apiUrlOf, pageUrlOf } from './repository.js';
import { timestamp } from './timestamp.js';
import { userView } from './user.js';

/** An issue, or a pull request as an issue, as REST shows it (`issue`). */
export function issueView(world: World, repository: Repository, issue: IssueRecord) {
  const url = `${apiUrlOf(world, repository)}/issues/${issue.number}`;
  const pull = repository.pulls.get(issue.number);
  const kind = pull === undefined ? 'issues' : 'pull';
  const page = `${pageUrlOf(world, repository)}/${kind}/${issue.number}`;
  const assignees = issue.assignees.map((account) => userView(world, account));
  const comments = [...repository.comments.values()].filter((comment) => comment.issue === issue.number);
  return {
    id: issue.id,
    node_id: `${pull === undefined ? 'I' : 'PR'}_${issue.id}`,
    url,
    repository_url: apiUrlOf(world, repository),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: page,
    number: issue.number,
    state: issue.state,
    title: issue.title,
    body: issue.body,
    user: userView(world, issue.author),
    labels: issue.labels.map((label) => labelView(world, repository, label)),
    assignee: assignees[0] ?? null,
    assignees,
    milestone: null,
    locked: issue.locked,
    comments: comments.length,
    closed_at: issue.closedAt === undefined ? null : timestamp(issue.closedAt),
    created_at: timestamp(issue.createdAt),
    updated_at: timestamp(issue.updatedAt),
    author_association: 'MEMBER',
    ...(pull === undefined ? {} : { pull_request: pullLinks(world, repository, pull, page) }),
  };
}

function pullLinks(world: World, repository: Repository, pull: PullRecord, page: string) {
  return {
    url: `${apiUrlOf(world, repository)}/pulls/${pull.number}`,
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    merged_at: pull.mergedAt === undefined ? null : timestamp(pull.mergedAt),
  };
}

/** A comment as REST shows it (`issue-comment`). */
export function commentView(world: World, repository: Repository, comment: CommentRecord) {
  const url = apiUrlOf(world, repository);
  return {
    id: comment.id,
    node_id: `IC_${comment.id}`,
    url: `${url}/issues/comments/${comment.id}`,
    html_url: commentPage(world, repository, comment),
    issue_url: `${url}/issues/${comment.issue}`,
    body: comment.body,
    user: userView(world, comment.author),
    created_at: timestamp(comment.createdAt),
    updated_at: timestamp(comment.updatedAt),
    author_association: 'MEMBER',
  };
}

export function commentPage(world: World, repository: Repository, comment: CommentRecord): string {
  const kind = repository.pulls.has(comment.issue) ? 'pull' : 'issues';
  return `${pageUrlOf(world, repository)}/${kind}/${comment.issue}#issuecomment-${comment.id}`;
}

/** A review as REST shows it (`pull-request-review`). */
export function reviewView(world: World, repository: Repository, pull: PullRecord, review: ReviewRecord) {
  const url = `${apiUrlOf(world, repository)}/pulls/${pull.number}`;
  const page = `${pageUrlOf(world, repository)}/pull/${pull.number}#pullrequestreview-${review.id}`;
  return {
    id: review.id,
    node_id: `PRR_${review.id}`,
    user: userView(world, review.author),
    body: review.body,
    state: review.state,
    html_url: page,
    pull_request_url: url,
    _links: { html: { href: page }, pull_request: { href: url } },
    ...(review.state === 'PENDING' ? {} : { submitted_at: timestamp(review.submittedAt) }),
    commit_id: review.commit,
    author_association: 'MEMBER',
  };
}
