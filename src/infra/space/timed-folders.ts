import type { StoredObject } from './space.js';

/** The names of objects by what is before their last slash. */
export function namesByFolder(objects: readonly StoredObject[]): Map<string, string[]> {
  const folders = new Map<string, string[]>();
  for (const { key } of objects) {
    const end = key.lastIndexOf('/');
    const folder = key.slice(0, end);
    folders.set(folder, [...(folders.get(folder) ?? []), key.slice(end + 1)]);
  }
  return folders;
}

/** What lies in a folder that is named after a time. */
interface Timed {
  prefix: string;
  at: Date;
}

/** Orders by time, the newest first. */
export function newestFirst(one: Timed, other: Timed): number {
  return other.at.getTime() - one.at.getTime() || (one.prefix < other.prefix ? 1 : -1);
}
