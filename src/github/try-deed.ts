import type { RepositoryName } from './context.js';
import { type Deed, explain, isRequestFailure } from './errors.js';

/** An operation in a repository. @param permission as workflows spell it: `pull-requests: write` */
export function deedIn({ owner, name }: RepositoryName, doing: string, permission: string): Deed {
  return { doing, permission, repository: `${owner}/${name}` };
}

/**
 * Runs an operation whose failure must not stop the run: a failed request is reported and not thrown.
 *
 * @param tell called with a message for people, and with the error itself
 * @returns `undefined` after a failed request
 * @throws any error that is not a failed request
 */
export async function tryDeed<T>(
  deed: Deed,
  work: () => Promise<T>,
  tell: (words: string, error: unknown) => void,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    const explained = explain(error, deed);
    if (!isRequestFailure(error) || !(explained instanceof Error)) {
      throw error;
    }
    tell(explained.message, error);
    return undefined;
  }
}
