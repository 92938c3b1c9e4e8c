import { formatCommit, type Signature } from '../git/commit.js';
import { editTree, type TreeEdit } from '../git/tree.js';
import { Refusal } from './refusal.js';
import type { Repository } from './repository.js';

export interface NewCommit {
  parent: string | undefined;
  /** New content by path; `null` deletes. */
  files: ReadonlyMap<string, Buffer | null>;
  message: string;
  author: Signature;
  committer: Signature;
}

/**
 * Writes a commit with changed files. No ref moves.
 *
 * @returns id of the commit
 * @throws Refusal 422 for a path that git does not accept, such as `a//b` or `.git/config`
 */
export async function writeFiles(repository: Repository, commit: NewCommit): Promise<string> {
  const { objects, history } = repository;
  const parent = commit.parent === undefined ? undefined : await history.commit(commit.parent);
  const edits = new Map<string, TreeEdit>();
  for (const [path, content] of commit.files) {
    if (path.split('/').some((part) => part === '' || part === '.' || part === '..' || part === '.git')) {
      throw new Refusal(422, `A path was requested for modification that is not valid: ${path}`);
    }
    edits.set(path, content === null ? null : { oid: await objects.write('blob', content) });
  }
  const tree = (await editTree(objects, parent?.tree, edits)) ?? (await objects.write('tree', ''));
  const { message, author, committer } = commit;
  const parents = parent === undefined ? [] : [parent.oid];
  return objects.write('commit', formatCommit({ tree, parents, author, committer, message }));
}
