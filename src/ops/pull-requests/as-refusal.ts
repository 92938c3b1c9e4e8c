import { isRequestFailure } from '../../github/errors.js';
import type { Planned } from './planned.js';

/**
 * Plans, and takes what is found to be wrong as a refusal.
 *
 * @throws what a failed request throws: nothing is known then
 */
export async function asRefusal(plan: () => Promise<Planned>): Promise<Planned> {
  try {
    return await plan();
  } catch (error) {
    if (isRequestFailure(error) || !(error instanceof Error)) {
      throw error;
    }
    return { state: 'refused', error };
  }
}
