import { compareCommits } from '../../github/compare-commits.js';
import { type Connected, nameOf } from '../../github/connected.js';
import { attempt } from '../../github/errors.js';
import { readFailure } from '../../github/failure.js';

/** How our commit of a definition stands to another one: `apart` where neither contains the other, or it is not there any more. */
export type CommitOrder = 'same' | 'newer' | 'older' | 'apart';

/**
 * Compares commits by ancestry: dates and numbers tell nothing.
 *
 * @param source the repository of the definition
 * @param theirs full id
 * @param ours full id
 * @throws Error for people when GitHub does not answer
 */
export async function commitOrder(source: Connected, theirs: string, ours: string): Promise<CommitOrder> {
  if (theirs === ours) {
    return 'same';
  }
  const operation = {
    doing: `compare ${ours} with ${theirs}`,
    repository: nameOf(source),
    permission: 'contents: read',
  };
  return attempt(operation, async () => {
    try {
      const { status } = await compareCommits(source, theirs, ours);
      return status === 'ahead' ? 'newer' : status === 'behind' ? 'older' : 'apart';
    } catch (error) {
      const status = readFailure(error)?.status;
      if (status === 404 || status === 422) {
        // Of two that have nothing in common, and of one that a forced push took away, GitHub says the same.
        return 'apart';
      }
      throw error;
    }
  });
}
