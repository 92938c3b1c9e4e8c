import { timestamp } from '../../views/git.js';
import { commentPage } from '../../views/issue.js';
import { pageUrlOf } from '../../views/repository.js';
import type { CommentRecord, LabelRecord } from '../../world/records.js';
import type { RepositoryScope } from '../scope.js';
import { actorNode } from './actors.js';
import { pullNode } from './pulls.js';
import { repositoryNode } from './repository.js';

/** A `Label`. */
export function labelNode(scope: RepositoryScope, label: LabelRecord) {
  return {
    __typename: 'Label',
    id: `LA_${label.id}`,
    name: label.name,
    color: label.color,
    description: label.description,
    isDefault: false,
    url: `${pageUrlOf(scope.world, scope.repository)}/labels/${encodeURIComponent(label.name)}`,
    repository: () => repositoryNode(scope),
  };
}

/** An `IssueComment`. */
export function commentNode(scope: RepositoryScope, comment: CommentRecord) {
  const pull = scope.repository.pulls.get(comment.issue);
  return {
    __typename: 'IssueComment',
    id: `IC_${comment.id}`,
    databaseId: comment.id,
    fullDatabaseId: String(comment.id),
    author: actorNode(scope, comment.author),
    authorAssociation: 'MEMBER',
    body: comment.body,
    bodyText: comment.body,
    createdAt: timestamp(comment.createdAt),
    updatedAt: timestamp(comment.updatedAt),
    url: commentPage(scope.world, scope.repository, comment),
    isMinimized: false,
    viewerDidAuthor: comment.author === scope.caller.account,
    pullRequest: () => (pull === undefined ? null : pullNode(scope, pull)),
    repository: () => repositoryNode(scope),
  };
}
