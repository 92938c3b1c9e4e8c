import { lstat, readFile, realpath } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { type Absent, absentIn } from './absent.js';

/** The files of one repository at one commit, on disk. */
export interface Checkout {
  /** Absolute path of its root, links resolved. */
  root: string;
  /** For messages and cycles: empty for the repository of the run, else what was fetched. */
  label: string;
}

/** The repository in a folder. @throws Error where there is no such folder */
export async function checkoutAt(folder: string, label = ''): Promise<Checkout> {
  return { root: await realpath(folder), label };
}

/**
 * The path of something in a checkout, from its root.
 *
 * @param folder from the root, where `path` starts
 * @returns `undefined` where it leads out of the checkout
 */
export function pathIn(folder: string, path: string): string | undefined {
  const joined = posix.normalize(posix.join(folder, path)).replace(/\/$/, '');
  const isOutside = posix.isAbsolute(path) || joined === '..' || joined.startsWith('../');
  return isOutside ? undefined : joined === '.' ? '' : joined;
}

/**
 * Where a path of a checkout is on disk.
 *
 * @returns `undefined` where there is nothing
 * @throws Error where a link is on the way: what it leads to is another file than the one that was reviewed
 */
export async function locate(checkout: Checkout, path: string): Promise<string | undefined> {
  const steps = path === '' ? [] : path.split('/');
  for (const [index] of steps.entries()) {
    const at = steps.slice(0, index + 1);
    const info = await lstat(join(checkout.root, ...at)).catch(() => undefined);
    if (info === undefined) {
      return undefined;
    }
    if (info.isSymbolicLink()) {
      throw new Error(
        `${named(checkout, at.join('/'))} is a symbolic link. Expected a file or a folder of the repository.`,
      );
    }
  }
  return join(checkout.root, ...steps);
}

/** How a pointer begins. @see https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md */
const POINTER = 'version https://git-lfs.github.com/spec/';

/**
 * The text of a file; `undefined` where there is none.
 *
 * @throws Error where a link is on the way, Git LFS has the file, or the commit has it and the checkout has not
 */
export async function readIn(checkout: Checkout, path: string): Promise<string | undefined> {
  const place = await locate(checkout, path);
  if (place === undefined) {
    await refuseAbsent(checkout, path);
    return undefined;
  }
  const text = await readFile(place, 'utf8').catch(noFile);
  if (text?.startsWith(POINTER)) {
    throw new Error(
      `${named(checkout, path)} is a pointer of Git LFS, and not its file. Check out with \`lfs: true\`, or keep the file in git itself.`,
    );
  }
  return text;
}

function noFile(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'EISDIR' && error.code !== 'ENOENT' && error.code !== 'ENOTDIR') {
    throw error;
  }
}

const CHECK_OUT = {
  true: 'Check out with `submodules: true`, or put its files into the repository.',
  false: 'Check it out, too.',
};
const NO_SUBMODULES = 'Submodules of other repositories are not fetched: name its repository as a source.';

/** What each checkout has not, found once. */
const ABSENT = new WeakMap<Checkout, Promise<Absent[]>>();

/**
 * Refuses a file or a folder of which the checkout has not all: what is missing there would be taken for gone. In a folder, names that
 * begin with a dot are nobody's.
 *
 * @throws Error with what is missing, and how to have it
 */
export async function refuseAbsent(checkout: Checkout, path: string): Promise<void> {
  const known = ABSENT.get(checkout) ?? absentIn(checkout.root);
  ABSENT.set(checkout, known);
  const isOf = (absent: string) => {
    const inside = path === '' ? absent : absent.slice(path.length + 1);
    return (isBelow(absent, path) && !/(^|\/)\./.test(inside)) || isBelow(path, absent);
  };
  const found = (await known).find((each) => isOf(each.path));
  if (found !== undefined) {
    const what = found.isSubmodule ? 'is a submodule that is not checked out' : 'is left out by a sparse checkout';
    const how = checkout.label === '' ? CHECK_OUT[`${found.isSubmodule}`] : NO_SUBMODULES;
    throw new Error(`${named(checkout, found.path)} ${what}, so that all in it would be taken for gone. ${how}`);
  }
}

function isBelow(path: string, folder: string): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`);
}

/** A path for messages, with the repository where it is another one. */
export function named({ label }: Checkout, path: string): string {
  return label === '' ? path || '.' : `${label}: ${path || '.'}`;
}
