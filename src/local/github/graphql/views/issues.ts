import { timestamp } from '../../views/git.js';
import { commentPage } from '../../views/issue.js';
import { pageUrlOf } from '../../views/repository.js';
import type { CommentRecord, LabelRecord, ReactionRecord } from '../../world/records.js';
import { connection, type Paging } from '../connection.js';
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

const REACTIONS = ['THUMBS_UP', 'THUMBS_DOWN', 'LAUGH', 'HOORAY', 'CONFUSED', 'HEART', 'ROCKET', 'EYES'];

/** Its `ReactionGroup`s: one of each content, also of what nobody reacted with. */
function reactionGroups(scope: RepositoryScope, { reactions }: CommentRecord) {
  return REACTIONS.map((content) => {
    const own = reactions.filter((each) => each.content === content);
    return {
      content,
      viewerHasReacted: own.some(({ author }) => author === scope.caller.account),
      reactors: (paging: Paging) => connection('reactors', own, paging, ({ author }) => actorNode(scope, author)),
    };
  });
}

/** A `Reaction`. */
export function reactionNode(scope: RepositoryScope, { id, author, content, createdAt }: ReactionRecord) {
  return {
    ...{ __typename: 'Reaction', id: `REA_${id}`, databaseId: id, content },
    createdAt: timestamp(createdAt),
    user: actorNode(scope, author),
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
    lastEditedAt: comment.editedAt === undefined ? null : timestamp(comment.editedAt),
    includesCreatedEdit: comment.editedAt !== undefined,
    reactionGroups: () => reactionGroups(scope, comment),
    url: commentPage(scope.world, scope.repository, comment),
    isMinimized: false,
    viewerDidAuthor: comment.author === scope.caller.account,
    pullRequest: () => (pull === undefined ? null : pullNode(scope, pull)),
    repository: () => repositoryNode(scope),
  };
}
