import * as v from 'valibot';
import type { Mutation } from './mutations.js';
import { Cursor, pageOf } from './page.js';
import type { Field, RepositoryReader } from './repository-reader.js';

/** A comment of ours that is kept up to date in its place. */
export interface OwnComment {
  id: string;
  body: string;
}

/** Where such a comment is, or goes. */
export interface CommentPlace {
  /** Node id of the pull request. */
  subjectId: string;
  /** Whether the pull request is open at this time. */
  open: boolean;
  comment: OwnComment | undefined;
}

const pageSchema = pageOf(
  v.object({
    id: v.string(),
    body: v.string(),
    viewerDidAuthor: v.boolean(),
    author: v.nullable(v.object({ __typename: v.string() })),
  }),
);

const pullRequestSchema = v.nullable(v.object({ id: v.string(), state: v.string(), comments: pageSchema }));

/**
 * Finds the comment that bears a mark on a pull request: one of this token's own, else one that another bot wrote (the
 * workflow's token and an App's are different authors). What people write is never taken for ours.
 *
 * @param marker an HTML comment that the text holds
 * @returns `undefined` when there is no such pull request
 */
export async function findComment(
  reader: RepositoryReader,
  number: number,
  marker: string,
): Promise<CommentPlace | undefined> {
  const cursor = new Cursor(`the comments of #${number}`);
  for (;;) {
    const pull: v.InferOutput<typeof pullRequestSchema> = await reader.load(commentsPage(number, cursor.after));
    if (pull === null) {
      return undefined;
    }
    const marked = (pull.comments.nodes ?? []).filter((comment) => comment?.body.includes(marker));
    const own =
      marked.find((comment) => comment?.viewerDidAuthor) ??
      marked.find((comment) => comment?.author?.__typename === 'Bot');
    if (own || !cursor.goOn(pull.comments.pageInfo)) {
      return {
        subjectId: pull.id,
        open: pull.state === 'OPEN',
        comment: own ? { id: own.id, body: own.body } : undefined,
      };
    }
  }
}

function commentsPage(number: number, after: string | null): Field<typeof pullRequestSchema> {
  return {
    heavy: true,
    text: (bind) =>
      `pullRequest(number: ${bind('Int!', number)}) { id state comments(first: 100, after: ${bind('String', after)}) { pageInfo { hasNextPage endCursor } nodes { id body viewerDidAuthor author { __typename } } } }`,
    schema: pullRequestSchema,
  };
}

/** With the state of the pull request after the comment was written: whoever closes it later finds the comment. */
const WRITTEN = 'id body pullRequest { state }';

/**
 * Puts the text where the comment is, or adds one.
 *
 * @returns `undefined` when it says that already
 */
export function commentMutation(alias: string, place: CommentPlace, body: string): Mutation | undefined {
  const { comment, subjectId } = place;
  if (comment === undefined) {
    return { alias, name: 'addComment', input: { subjectId, body }, select: `commentEdge { node { ${WRITTEN} } }` };
  }
  return comment.body.replace(/\r\n/g, '\n').trim() === body.trim()
    ? undefined
    : { alias, name: 'updateIssueComment', input: { id: comment.id, body }, select: `issueComment { ${WRITTEN} }` };
}

const writtenSchema = v.pipe(
  v.object({ id: v.string(), body: v.string(), pullRequest: v.nullable(v.object({ state: v.string() })) }),
  v.transform(({ id, body, pullRequest }) => ({ comment: { id, body }, open: pullRequest?.state === 'OPEN' })),
);

/** What `commentMutation` selects, whichever of the two it was. */
export const writtenComment = v.union([
  v.pipe(
    v.object({ commentEdge: v.object({ node: writtenSchema }) }),
    v.transform(({ commentEdge }) => commentEdge.node),
  ),
  v.pipe(
    v.object({ issueComment: writtenSchema }),
    v.transform(({ issueComment }) => issueComment),
  ),
]);
