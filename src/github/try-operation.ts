import type { RepositoryName } from './context.js';
import { explain, isRequestFailure, type Operation } from './errors.js';

/** A deed in a repository. @param permission as workflows spell it: `pull-requests: write` */
export function operationIn({ owner, name }: RepositoryName, doing: string, permission: string): Operation {
  return { doing, permission, repository: `${owner}/${name}` };
}

/**
 * Runs what the rest does not depend on: where a request fails, that is told and all else goes on.
 *
 * @param tell is given the failure in words for a person, and as it was thrown
 * @returns `undefined` where it was told
 * @throws anything that is no failed request
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
