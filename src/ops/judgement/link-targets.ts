import { posix } from 'node:path';
import type { RepositorySide } from './repository-change.js';

/** A symbolic link, and the path in the repository that it leads to. */
export interface LinkTarget {
  link: string;
  target: string;
}

/** Where the symbolic links of a side lead. What leads out of the repository is none of its files. */
export async function linkTargets({ links = [], linkText }: RepositorySide): Promise<LinkTarget[]> {
  const all = await Promise.all(
    links.map(async (link): Promise<LinkTarget[]> => {
      const text = await linkText?.(link);
      const target = text === undefined ? '' : posix.join(posix.dirname(link), text).replace(/\/$/, '');
      return text === undefined || posix.isAbsolute(text) || /^\.\.(\/|$)/.test(target) ? [] : [{ link, target }];
    }),
  );
  return all.flat();
}

/** The links by which a path is reached, also by way of other links. */
export function linksTo(links: readonly LinkTarget[], path: string): string[] {
  const found = new Set<string>();
  const pending = [path];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const { link, target } of links) {
      if (!found.has(link) && link !== path && isOneWay(target, next)) {
        found.add(link);
        pending.push(link);
      }
    }
  }
  return [...found];
}

/** Whether one of two paths is the other, or a folder above it: a link to `.` leads to everything. */
function isOneWay(one: string, other: string): boolean {
  return one === '.' || one === other || one.startsWith(`${other}/`) || other.startsWith(`${one}/`);
}
