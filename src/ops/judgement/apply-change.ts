import type { CommitFiles, FileEntry } from '../tree/commit-files.js';
import type { RepositoryChange } from './repository-change.js';

/**
 * What a merge does to the files as they are now. GitHub's merge of a pull request may be of an older base than the newest
 * commit: what it changes is put on top of that, file by file, as git would merge files that only one side changed.
 *
 * @param from the base that GitHub merged into
 * @param to the merge
 * @param withEntries makes files of entries
 * @returns the path of a file that both changed, where only git can say what the merge would be
 */
export function applyChange(
  now: CommitFiles,
  from: CommitFiles,
  to: CommitFiles,
  withEntries: (entries: ReadonlyMap<string, FileEntry>) => CommitFiles,
): { change: RepositoryChange } | { conflict: string } {
  const entries = new Map(now.entries);
  const changed = new Set<string>();
  for (const path of new Set([...from.entries.keys(), ...to.entries.keys()])) {
    const [old, next, current] = [from, to, now].map((files) => files.entries.get(path));
    if (isSame(old, next) || isSame(current, next)) {
      continue;
    }
    if (!isSame(old, current)) {
      return { conflict: path };
    }
    changed.add(path);
    if (next === undefined) {
      entries.delete(path);
    } else {
      entries.set(path, next);
    }
  }
  return { change: { base: now, head: withEntries(entries), changed } };
}

function isSame(one: FileEntry | undefined, other: FileEntry | undefined): boolean {
  return one?.id === other?.id && one?.mode === other?.mode;
}
