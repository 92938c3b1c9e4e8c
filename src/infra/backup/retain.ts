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
    // The manifest first: a run that ends in between leaves no backup that lacks a part.
    const manifest = `${prefix}/${PARTS.manifest}`;
    for (const key of [...keys.filter((each) => each === manifest), ...keys.filter((each) => each !== manifest)]) {
      await space.remove(key);
    }
  }
  return over;
}
