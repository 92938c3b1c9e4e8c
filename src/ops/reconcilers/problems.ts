import type { Problem } from '../tree/problem.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { RECONCILERS } from './all.js';
import { hasShape } from './fields.js';
import { objectsIn, reconcilerOf } from './objects.js';
import type { FileObject, ObjectSide, Reconciler } from './reconciler.js';

const NONE: ReadonlySet<string> = new Set();

/** The repository on one side of a change. */
interface RepositorySide {
  tree: TreeReader;
  /** Paths of all its files. */
  paths: readonly string[];
}

/** A change of the repository. */
interface RepositoryChange {
  base: RepositorySide;
  head: RepositorySide;
  /** Paths in which the two sides differ. */
  changed: ReadonlySet<string>;
}

/**
 * What is wrong, after a change of the repository, with the objects that tell reconcilers what to deploy. Files that are
 * no valid YAML are left out.
 *
 * @param patches paths of files whose objects are patches of others
 * @throws what reading the tree throws
 */
export async function reconcilerProblems(
  { base, head, changed }: RepositoryChange,
  patches: ReadonlySet<string>,
): Promise<Problem[]> {
  const [before, after] = await Promise.all([base, head].map(readObjects));
  const folders = { before: foldersOf(base), after: foldersOf(head) };
  const problems = RECONCILERS.map((reconciler: Reconciler) => {
    const side = (objects: readonly FileObject[], of: ReadonlySet<string>): ObjectSide => ({
      objects: objects.filter(({ object }) => hasShape(object, reconciler.object)),
      folders: of,
    });
    const [old, next] = [side(before ?? [], folders.before), side(after ?? [], folders.after)];
    const known = new Set(
      reconciler
        .problemsOf({ before: old, after: old, changed: NONE, patches })
        .map(({ file, line, message }) => JSON.stringify([file, line, message])),
    );
    // Nobody is told of what somebody else left in a file that the change leaves alone.
    return reconciler
      .problemsOf({ before: old, after: next, changed, patches })
      .filter(({ file, line, message }) => changed.has(file) || !known.has(JSON.stringify([file, line, message])));
  });
  return problems.flat();
}

/** All objects of a side that tell a reconciler what to deploy. Only files that name one of their API groups are parsed. */
async function readObjects({ tree, paths }: RepositorySide): Promise<FileObject[]> {
  const files = paths.filter((path) => /\.ya?ml$/.test(path));
  const found = await Promise.all(
    files.map(async (file) => {
      const text = (await tree.read(file)) ?? '';
      return RECONCILERS.some(({ object }) => text.includes(`${object.apiGroup}/`)) ? objectsIn(text, file) : [];
    }),
  );
  return found.flat().filter(({ object }) => reconcilerOf(object) !== undefined);
}

function foldersOf({ paths }: RepositorySide): Set<string> {
  const folders = new Set<string>();
  for (const path of paths) {
    const parts = path.split('/');
    for (let depth = 1; depth < parts.length; depth++) {
      folders.add(parts.slice(0, depth).join('/'));
    }
  }
  return folders;
}
