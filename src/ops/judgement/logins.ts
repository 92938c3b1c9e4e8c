import * as v from 'valibot';
import { isRequestFailure } from '../../github/errors.js';
import type { Logins } from './approvals.js';

/** An account as GitHub names it in its lists; `null` for one that is gone. */
export const accountSchema = v.nullable(v.object({ login: v.string() }));

/** What cannot be read is a problem, which lets nobody approve. @param what cannot be told then, without a full stop @throws what is no failed request */
export async function loginsOrProblem(what: string, work: () => Promise<Logins>): Promise<Logins> {
  try {
    return await work();
  } catch (error) {
    if (isRequestFailure(error)) {
      return { problem: `${what}: ${error instanceof Error ? error.message : String(error)}.` };
    }
    throw error;
  }
}
