import type { Space } from './space.js';

/**
 * Deletes objects that belong together.
 *
 * @param first the one that makes them whole: a run that ends in between leaves nothing that seems whole and lacks a part
 */
export async function removeAll(space: Space, keys: readonly string[], first: string): Promise<void> {
  for (const key of [...keys.filter((each) => each === first), ...keys.filter((each) => each !== first)]) {
    await space.remove(key);
  }
}
