import { commentMutation, findComment, writtenComments } from '../../github/comments.js';
import type { Connected } from '../../github/connected.js';
import { GraphqlErrors } from '../../github/graphql-error.js';
import { type Mutation, runMutations } from '../../github/mutations.js';
import { repositoryReader } from '../../github/repository-reader.js';
import { settle } from '../../github/settle.js';

/** A comment that is found again by its marker. */
export interface MarkedComment {
  marker: string;
  text: string;
  /** Whether it is added where there is none. */
  isNew: boolean;
}

/**
 * Writes the one comment of a pull request that has a marker. Jobs that find none at once add one each: the first of these stays, with
 * the text of whoever looks last. Where a request fails, it is looked for again: what was written without an answer is there.
 *
 * @throws what a failed request throws
 */
export async function writeMarkedComment(to: Connected, number: number, marked: MarkedComment): Promise<void> {
  const { marker, text, isNew } = marked;
  let isAdded = false;
  const writeIt = async () => {
    const found = await findComment(readerOf(to), number, marker);
    if (found !== undefined && (found.comment !== undefined || isNew)) {
      isAdded ||= found.comment === undefined;
      const mutation = commentMutation('comment', found, text);
      await write(to, mutation === undefined ? [] : [mutation]);
      await (isAdded ? keepFirst(to, number, found.subjectId, marked) : undefined);
    }
    return true;
  };
  await settle(async () => undefined, writeIt);
}

async function keepFirst(to: Connected, number: number, subjectId: string, { marker, text }: MarkedComment) {
  const [first, ...others] = await writtenComments(readerOf(to), number, marker);
  if (first === undefined || others.length === 0) {
    return;
  }
  const kept = commentMutation('comment', { subjectId, open: true, comment: { id: first, body: '' } }, text);
  const deleted = others.map((id, index) => deletion(`other${index}`, id));
  await write(to, [...(kept === undefined ? [] : [kept]), ...deleted]);
}

function deletion(alias: string, id: string): Mutation {
  return { alias, name: 'deleteIssueComment', input: { id }, select: 'clientMutationId' };
}

function readerOf({ github, repository }: Connected) {
  return repositoryReader(github, repository, 'InfraComment');
}

async function write({ github }: Connected, mutations: readonly Mutation[]): Promise<void> {
  if (mutations.length === 0) {
    return;
  }
  const { errors } = await runMutations(github, 'WriteInfraComment', mutations);
  // Another job has deleted what it found twice, too.
  const failed = errors.filter(({ type, path }) => type !== 'NOT_FOUND' || path[0] === 'comment');
  if (failed.length > 0) {
    throw new GraphqlErrors([...failed]);
  }
}
