import { type Connected, nameOf } from '../../../../github/connected.js';
import type { CommitMessage } from '../../../tree/change.js';
import { commitTree, makeTree, type TreeItem, type Written } from '../../../tree/tree-commit.js';
import type { PreviewsState } from './read-state.js';
import { rootItems } from './tree-items.js';

/**
 * Writes a commit to the branch of previews, which is made where it is missing: two trees, a commit and the move of the branch,
 * whatever the size of the repository. Its parent is the branch's last commit, never one of the deployed branch.
 *
 * @param previews the tree `previews/`; `undefined` where it stays as it is
 * @throws Error for people when GitHub refuses it
 */
export async function writeBranch(
  ops: Connected,
  state: PreviewsState,
  previews: readonly TreeItem[] | undefined,
  message: CommitMessage,
  repositoryId: string,
): Promise<Exclude<Written, { refused: string }>> {
  const { name, head } = state.branch;
  const tree = async () => {
    const own = previews === undefined ? ownTree(state) : await makeTree(ops, previews);
    return makeTree(ops, rootItems(state, own));
  };
  const written = await commitTree(
    ops,
    { repositoryId, branch: name, head, operation: 'CommitPreviews' },
    tree,
    message,
  );
  if ('refused' in written) {
    throw refusedByRules(written.refused, name, nameOf(ops));
  }
  return written;
}

function refusedByRules(message: string, branch: string, repository: string): Error {
  return new Error(
    `The rules of ${repository} let this App not write the branch ${branch}: ${message}. Expected an App that may write ` +
      'it; with the gate, that is the ops App, in the workflow preview-requests.yml of the ops repository, which sweeps, too.',
  );
}

function ownTree({ branch }: PreviewsState): string {
  const own = branch.root.find(({ name }) => name === 'previews');
  if (own === undefined) {
    throw new Error(`The branch ${branch.name} has no folder "previews".`);
  }
  return own.oid;
}
