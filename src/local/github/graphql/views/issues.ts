import { commentPage } from '../../views/issue.js';
import { pageUrlOf } from '../../views/repository.js';
import { timestamp } from '../../views/timestamp.js';
import type { CommentRecord, IssueRecord, LabelRecord, ReactionRecord } from '../../world/records.js';
import { Refusal } from '../../world/refusal.js';
import { connection, type Paging } from '../connection.js';
import { demand, type RepositoryScope } from '../scope.js';
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

export interface IssueArguments extends Paging {
  labels?: readonly string[] | null;
  states?: readonly ('OPEN' | 'CLOSED')[] | null;
  orderBy?: { field: 'CREATED_AT' | 'UPDATED_AT' | 'COMMENTS'; direction: 'ASC' | 'DESC' } | null;
}

/** Issues of a repository, without its pull requests. @throws Refusal where the token may not read issues, or for another order */
export function issuesConnection(scope: RepositoryScope, args: IssueArguments) {
  demand(scope, 'issues');
  const { labels, states, orderBy } = args;
  if (orderBy && orderBy.field !== 'CREATED_AT') {
    throw new Refusal(501, `Issues by ${orderBy.field} are not supported by the local GitHub`);
  }
  const found = [...scope.repository.issues.values()]
    .filter(({ state }) => !states || states.includes(state === 'open' ? 'OPEN' : 'CLOSED'))
    .filter((issue) => !labels || issue.labels.some(({ name }) => labels.includes(name)));
  return connection('issues', orderBy?.direction === 'DESC' ? found.reverse() : found, args, (issue) =>
    issueNode(scope, issue),
  );
}

/** An `Issue`. */
function issueNode(scope: RepositoryScope, issue: IssueRecord) {
  return {
    ...{ __typename: 'Issue', id: `I_${issue.id}`, databaseId: issue.id, number: issue.number, title: issue.title },
    ...{ body: issue.body ?? '', state: issue.state === 'open' ? 'OPEN' : 'CLOSED', locked: issue.locked },
    ...{ createdAt: timestamp(issue.createdAt), updatedAt: timestamp(issue.updatedAt) },
    url: `${pageUrlOf(scope.world, scope.repository)}/issues/${issue.number}`,
    author: actorNode(scope, issue.author),
    viewerDidAuthor: issue.author === scope.caller.account,
    labels: (paging: Paging) => connection('labels', issue.labels, paging, (label) => labelNode(scope, label)),
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
