import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { askServer } from '../git/ask-server.js';
import type { Git } from '../git/git.js';

/** Work trees of one commit and of its modules. */
interface ModuleTrees {
  /** The checkout that has its modules. */
  main: string;
  /** The other work tree, whose modules are to be had. */
  folder: string;
}

/**
 * Checks out the modules of another work tree as the checkout has its own: where the checkout was made without them, the
 * other one has none either. A module's commit comes from the checkout's copy of the module, else from its server.
 *
 * @throws Error saying which commit of which module cannot be had, and why
 */
export async function checkOutModules(git: Git, { main, folder }: ModuleTrees): Promise<void> {
  const wanted = await readModules(git, folder);
  const own = await readModules(git, main);
  const copies = new Set<string>();
  for (const path of own.keys()) {
    if (await exists(join(main, path, '.git'))) {
      copies.add(path);
    }
  }
  if (own.size > 0 && copies.size === 0) {
    return;
  }
  for (const [path, commit] of wanted) {
    const target = join(folder, path);
    if (copies.has(path)) {
      await fromCopy(git, { copy: join(main, path), target, path, commit });
      await checkOutModules(git, { main: join(main, path), folder: target });
    } else if (!own.has(path)) {
      const update = ['-C', folder, 'submodule', 'update', '--init', '--recursive', '--depth=1', '--', path];
      const updated = await askServer(git, update);
      if (!updated.ok) {
        throw new Error(cannotBeHad(path, commit, updated.problem));
      }
    }
  }
}

/** Forgets the work trees of modules whose folders are gone. */
export async function forgetModules(git: Git, main: string): Promise<void> {
  for (const path of (await readModules(git, main)).keys()) {
    const copy = join(main, path);
    if (await exists(join(copy, '.git'))) {
      await git.run(['-C', copy, 'worktree', 'prune']);
      await forgetModules(git, copy);
    }
  }
}

interface ModuleCopy {
  copy: string;
  target: string;
  path: string;
  commit: string;
}

async function fromCopy(git: Git, { copy, target, path, commit }: ModuleCopy): Promise<void> {
  const known = await git.run(['-C', copy, 'cat-file', '-e', `${commit}^{commit}`]);
  const fetch = ['-C', copy, 'fetch', '--no-tags', '--no-recurse-submodules', '--depth=1', 'origin', commit];
  const fetched = known.ok ? known : await askServer(git, fetch);
  if (!fetched.ok) {
    throw new Error(cannotBeHad(path, commit, fetched.problem));
  }
  await git.read(['-C', copy, 'worktree', 'add', '--force', '--detach', target, commit]);
}

/** Commits of a work tree's modules by their paths. */
async function readModules(git: Git, folder: string): Promise<Map<string, string>> {
  const listed = await git.read(['-C', folder, 'ls-files', '--stage', '-z']);
  return new Map(
    [...listed.matchAll(/(?<=^|\0)160000 ([0-9a-f]+) \d\t([^\0]+)/g)].map(([, commit = '', path = '']) => [
      path,
      commit,
    ]),
  );
}

function cannotBeHad(path: string, commit: string, problem: string): string {
  return (
    `it has the module ${path} at ${commit}, which this checkout does not have and which cannot be fetched: ${problem}. ` +
    'Check out with "submodules: true", "fetch-depth: 0" and a token that may read the module, and keep it ("persist-credentials: true").'
  );
}

function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
