import { formatCommit } from '../../../src/local/github/git/commit.js';
import { editTree, type TreeEdit } from '../../../src/local/github/git/tree.js';
import type { LocalRepository } from '../../../src/local/stage.js';

/** What git keeps of an entry: text of a file, target of a symbolic link, or a commit of another repository. */
export type Planted = { text: string } | { link: string } | { submodule: string } | null;

/**
 * Commits entries that no checkout would make and `createCommitOnBranch` cannot, straight into git's objects: any name
 * without a slash, any mode.
 *
 * @param branch begins at the default branch where it is new
 * @param entries by path, `null` takes one away; each part of a path is an entry of that very name, `..` too
 * @returns id of the commit
 */
export async function plant(
  repository: LocalRepository,
  branch: string,
  entries: Readonly<Record<string, Planted>>,
): Promise<string> {
  const { objects, history } = repository.git;
  const parent = (await history.commit(branch)) ?? (await history.commit(repository.defaultBranch));
  const edits = new Map<string, TreeEdit>();
  for (const [path, entry] of Object.entries(entries)) {
    edits.set(path, entry === null ? null : await editOf(repository, entry));
  }
  const person = { name: 'Mallory', email: 'mallory@evil.example', date: new Date(), offset: 0 };
  const tree = (await editTree(objects, parent?.tree, edits)) ?? (await objects.write('tree', ''));
  const parents = parent === undefined ? [] : [parent.oid];
  const commit = formatCommit({ tree, parents, author: person, committer: person, message: 'plant\n' });
  const oid = await objects.write('commit', commit);
  await repository.setRef(`refs/heads/${branch}`, oid);
  return oid;
}

async function editOf({ git: { objects } }: LocalRepository, entry: NonNullable<Planted>): Promise<TreeEdit> {
  if ('submodule' in entry) {
    return { oid: entry.submodule, mode: '160000' };
  }
  return 'link' in entry
    ? { oid: await objects.write('blob', entry.link), mode: '120000' }
    : { oid: await objects.write('blob', entry.text), mode: '100644' };
}
