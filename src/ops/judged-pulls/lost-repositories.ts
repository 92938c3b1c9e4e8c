import type { Connected } from '../../github/connected.js';
import { type Ground, otherRepository } from './ground.js';

/** Other repositories that could not be judged to the end, by name in small letters, with what went wrong. */
export type Lost = Map<string, { at: Connected; name: string; why: unknown }>;

/**
 * Does something for a branch. Where that fails in another repository than that of the policy, nothing more is done for it in this run, and
 * the others are done all the same.
 *
 * @returns `undefined` where its repository is lost
 * @throws what `work` throws in the repository of the policy
 */
export async function unlessLost<T>(lost: Lost, ground: Ground, work: () => Promise<T>): Promise<T | undefined> {
  const name = otherRepository(ground);
  if (name === undefined) {
    return work();
  }
  if (isLost(lost, ground)) {
    return undefined;
  }
  try {
    return await work();
  } catch (why) {
    lost.set(name.toLowerCase(), { at: ground.at, name, why });
    return undefined;
  }
}

/** Whether the repository of a branch is lost. */
export function isLost(lost: Lost, ground: Ground): boolean {
  return lost.has(otherRepository(ground)?.toLowerCase() ?? '');
}
