import * as v from 'valibot';
import type { Mutation } from './mutations.js';
import { pageOf, pages } from './page.js';
import type { Field, RepositoryReader } from './repository-reader.js';

/** A comment of ours, which is edited instead of written again. */
export interface OwnComment {
  id: string;
  body: string;
}

/** The pull request of such a comment, and the comment if it exists. */
export interface CommentTarget {
  /** Node id of the pull request. */
  subjectId: string;
  /** Whether the pull request is open. */
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
 * Finds our comment on a pull request by its marker: one that this token wrote, else one that another bot wrote (the
 * workflow's token and an App's token are different authors). Comments of people are never ours.
 *
 * @param marker an HTML comment in its text
 * @returns `undefined` when there is no such pull request
 */
export async function findComment(
  reader: RepositoryReader,
  number: number,
  marker: string,
): Promise<CommentTarget | undefined> {
  let place: CommentTarget | undefined;
  const read = async (after: string | null) => {
    const pull = await reader.load(commentsPage(number, after));
    return pull === null ? undefined : { ...pull.comments, subjectId: pull.id, open: pull.state === 'OPEN' };
  };
  for await (const { nodes, subjectId, open } of pages(`the comments of #${number}`, read)) {
    const marked = (nodes ?? []).filter((comment) => comment?.body.includes(marker));
    const own =
      marked.find((comment) => comment?.viewerDidAuthor) ??
      marked.find((comment) => comment?.author?.__typename === 'Bot');
    place = { subjectId, open, comment: own ? { id: own.id, body: own.body } : undefined };
    if (own) {
      break;
    }
  }
  return place;
}

/** All comments with a marker that this token wrote, the first one first. @returns their ids */
export async function writtenComments(reader: RepositoryReader, number: number, marker: string): Promise<string[]> {
  const ids: string[] = [];
  const read = async (after: string | null) => (await reader.load(commentsPage(number, after)))?.comments;
  for await (const { nodes } of pages(`the comments of #${number}`, read)) {
    const own = (nodes ?? []).filter((comment) => comment?.viewerDidAuthor === true && comment.body.includes(marker));
    ids.push(...own.flatMap((comment) => comment?.id ?? []));
  }
  return ids;
}

function commentsPage(number: number, after: string | null): Field<typeof pullRequestSchema> {
  return {
    heavy: true,
    text: (bind) =>
      `pullRequest(number: ${bind('Int!', number)}) { id state comments(first: 100, after: ${bind('String', after)}) { pageInfo { hasNextPage endCursor } nodes { id body viewerDidAuthor author { __typename } } } }`,
    schema: pullRequestSchema,
  };
}

/** Includes the state of the pull request after the write: if it was open then, whoever closes it finds the comment. */
const WRITTEN = 'id body pullRequest { state }';

/**
 * The mutation that edits our comment, or adds it.
 *
 * @returns `undefined` when the comment has this text already
 */
export function commentMutation(alias: string, place: CommentTarget, body: string): Mutation | undefined {
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

/** Schema of the result of either mutation. */
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
