import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmdirSync, unlinkSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RefFiles } from './ref-files.js';
import { isRefName } from './ref-name.js';
import type { RefUpdate } from './refs.js';

/**
 * Moves refs the way git's files backend does: all are locked (`<ref>.lock`, which only one process can make), all are
 * checked, then each lock becomes the ref. Done at once, so nothing else of this process comes between.
 *
 * @returns `false` when nothing has moved because something is not plain: a value is not as asserted, a name stands in the
 *   way of another, a packed ref would have to go. Git's own transaction decides then, and says why.
 * @see https://git-scm.com/docs/git-update-ref
 */
export function moveRefFiles(gitDir: string, files: RefFiles, updates: readonly RefUpdate[]): boolean {
  if (!areApart(updates)) {
    return false;
  }
  const locks: string[] = [];
  try {
    for (const { name, to } of updates) {
      lock(locks, join(gitDir, name), to);
    }
    if (!updates.every((update) => isPlain(files, update) && isFree(gitDir, files, update))) {
      release(locks);
      return false;
    }
  } catch {
    release(locks);
    return false;
  }
  for (const { name, to } of updates) {
    commit(gitDir, name, to);
  }
  return true;
}

/** Whether all names are good, and none is another's folder. */
function areApart(updates: readonly RefUpdate[]): boolean {
  const names = updates.map(({ name }) => name);
  return (
    new Set(names).size === names.length &&
    names.every((name) => isRefName(name) && !names.some((other) => other.startsWith(`${name}/`)))
  );
}

/** @throws Error when someone else has the lock, or another ref is where its folder would be */
function lock(locks: string[], file: string, to: string | null): void {
  const name = `${file}.lock`;
  mkdirSync(dirname(file), { recursive: true });
  const handle = openSync(name, 'wx');
  locks.push(name);
  writeSync(handle, to === null ? '' : `${to}\n`);
  closeSync(handle);
}

function release(locks: readonly string[]): void {
  for (const name of locks) {
    unlinkSync(name);
  }
}

/** Whether a ref is as asserted, and its change is one of its own file and of nothing else. */
function isPlain(files: RefFiles, { name, from, to }: RefUpdate): boolean {
  const file = files.loose(name);
  const packed = files.packed();
  const current = file === undefined ? packed.get(name) : file.oid;
  if ((file !== undefined && current === undefined) || (from !== undefined && from !== (current ?? null))) {
    return false;
  }
  return to !== null || (current !== undefined && !packed.has(name));
}

/** Whether nothing is where the file of a locked ref belongs, or where it is expected to be a folder. */
function isFree(gitDir: string, files: RefFiles, { name }: RefUpdate): boolean {
  return files.get(name) !== undefined || (!existsSync(join(gitDir, name)) && !standsInTheWay(files.packed(), name));
}

/** Whether one of these refs is a folder of this one, or the other way round. */
function standsInTheWay(refs: ReadonlyMap<string, string>, name: string): boolean {
  return [...refs.keys()].some((other) => other.startsWith(`${name}/`) || name.startsWith(`${other}/`));
}

function commit(gitDir: string, name: string, to: string | null): void {
  const file = join(gitDir, name);
  if (to !== null) {
    renameSync(`${file}.lock`, file);
    return;
  }
  unlinkSync(file);
  unlinkSync(`${file}.lock`);
  // Git keeps `refs/heads` and its like, and takes away the empty folders below.
  for (let folder = dirname(name); folder.split('/').length > 2; folder = dirname(folder)) {
    try {
      rmdirSync(join(gitDir, folder));
    } catch {
      return;
    }
  }
}
