import type { RepositoryName } from './context.js';
import { explain, isRequestFailure, type Operation } from './errors.js';

/** An operation in a repository. @param permission as workflows spell it: `pull-requests: write` */
export function operationIn({ owner, name }: RepositoryName, doing: string, permission: string): Operation {
  return { doing, permission, repository: `${owner}/${name}` };
}

/**
 * Runs an operation whose failure must not stop the run: a failed request is reported and not thrown.
 *
 * @param tell called with a message for people, and with the error itself
 * @returns `undefined` after a failed request
 * @throws any error that is not a failed request
 */
export async function tryOperation<T>(
  operation: Operation,
  work: () => Promise<T>,
  tell: (words: string, error: unknown) => void,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    const explained = explain(error, operation);
    if (!isRequestFailure(error) || !(explained instanceof Error)) {
      throw error;
    }
    tell(explained.message, error);
    return undefined;
  }
}
