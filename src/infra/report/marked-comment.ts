import { commentMutation, findComment } from '../../github/comments.js';
import type { Connected } from '../../github/connected.js';
import { GraphqlErrors } from '../../github/graphql-error.js';
import { runMutations } from '../../github/mutations.js';
import { repositoryReader } from '../../github/repository-reader.js';

/** A comment that is found again by its marker. */
export interface MarkedComment {
  marker: string;
  text: string;
  /** Whether it is added where there is none. */
  isNew: boolean;
}

/**
 * Writes the one comment of a pull request that has a marker.
 *
 * @throws what a failed request throws
 */
export async function writeMarkedComment(
  to: Connected,
  number: number,
  { marker, text, isNew }: MarkedComment,
): Promise<void> {
  const reader = repositoryReader(to.github, to.repository, 'InfraComment');
  const found = await findComment(reader, number, marker);
  if (found === undefined || (found.comment === undefined && !isNew)) {
    return;
  }
  const mutation = commentMutation('comment', found, text);
  const results = mutation && (await runMutations(to.github, 'WriteInfraComment', [mutation]));
  if (results !== undefined && results.errors.length > 0) {
    throw new GraphqlErrors([...results.errors]);
  }
}
