import { isForbidden, isRequestFailure } from './errors.js';
import { readFailure } from './failure.js';

/** How often something is looked for and written before the run gives up. */
const MOST_TRIES = 3;

/**
 * Writes what is not there yet. Where a request fails, nobody knows whether it took effect: it is looked for again, and
 * written again only where it is not there.
 *
 * @throws what the last failed request throws
 */
export async function settle<T>(find: () => Promise<T | undefined>, write: () => Promise<T | undefined>): Promise<T> {
  let failed: unknown;
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const found = await find();
    if (found !== undefined) {
      return found;
    }
    try {
      const written = await write();
      if (written !== undefined) {
        return written;
      }
    } catch (error) {
      if (!isRequestFailure(error) || isFinal(error)) {
        throw error;
      }
      failed = error;
    }
  }
  throw failed ?? new Error('What was written is not there. Run it again.');
}

/** Whether GitHub has answered that it does not do it: nothing took effect, and asking again changes nothing. */
function isFinal(error: unknown): boolean {
  const failure = readFailure(error);
  return isForbidden(error) || (failure !== undefined && !failure.unanswered && (failure.status ?? 500) < 500);
}
