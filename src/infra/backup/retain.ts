import { removeAll } from '../space/remove-all.js';
import type { Space } from '../space/space.js';
import { type Backup, findBackups, folderOf, PARTS } from './backups.js';
import { type Keep, planRetention } from './retention.js';

/**
 * Deletes the backups that are not kept.
 *
 * @returns those deleted, newest first
 * @throws SpaceFailure when they cannot be listed, and then nothing is deleted
 */
export async function retain(space: Space, name: string, keep: Keep, now: Date): Promise<Backup[]> {
  const folder = folderOf(name);
  const over = planRetention(findBackups(folder, await space.list(folder)), keep, now);
  for (const { prefix, keys } of over) {
    await removeAll(space, keys, `${prefix}/${PARTS.manifest}`);
  }
  return over;
}
