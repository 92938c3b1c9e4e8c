import { lstat, lutimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Git } from '../git/git.js';
import type { Checkout } from './checkout.js';

/**
 * Sets the modification time of files that are older than the commit to the commit's time. Builds replace times after the
 * commit by the commit's and keep older ones. A work tree that is kept between runs has older ones and a fresh one has
 * none, so their images would differ.
 *
 * Only files that git tracks, and their folders, are changed.
 *
 * @param paths relative to the root; `.` is the root itself
 */
export async function raiseFileTimes(
  git: Git,
  { root, createdAt }: Pick<Checkout, 'root' | 'createdAt'>,
  paths: readonly string[],
): Promise<void> {
  const literal = [...new Set(paths)].map((path) => `:(literal)${path}`);
  const listed = await git.read(['-C', root, 'ls-files', '-z', '--', ...literal]);
  const entries = new Set<string>();
  for (const file of listed.split('\0').filter((path) => path !== '')) {
    for (let path = file; path !== '' && !entries.has(path); path = path.slice(0, Math.max(0, path.lastIndexOf('/')))) {
      entries.add(path);
    }
  }
  for (const path of entries) {
    const place = join(root, path);
    const found = await lstat(place).catch(() => undefined);
    if (found !== undefined && found.mtimeMs < createdAt * 1000) {
      await lutimes(place, createdAt, createdAt);
    }
  }
}
