import { posix } from 'node:path';
import { within } from './module-tree.js';

/** Most links in a row: git has no limit, and two may lead to each other. */
const MOST_LINKS = 10;

/** Links as paths of the repository, through links that lead to links; those that lead elsewhere are left out. */
export function resolvedLinks(targets: ReadonlyMap<string, string>): Map<string, string> {
  const found = new Map<string, string>();
  const none = new Map<string, string>();
  for (const link of targets.keys()) {
    let path: string | undefined = link;
    for (let count = 0; path !== undefined && targets.has(path) && count < MOST_LINKS; count++) {
      const target: string = targets.get(path) ?? '';
      path = target.startsWith('/') ? undefined : within(posix.dirname(path), target, none);
    }
    if (path !== undefined && !targets.has(path)) {
      found.set(link, path);
    }
  }
  return found;
}
