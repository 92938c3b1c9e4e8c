import { compareCommits } from '../../github/compare-commits.js';
import { type Connected, nameOf } from '../../github/connected.js';
import { attempt } from '../../github/errors.js';

/** Files of one answer. @see https://docs.github.com/rest/commits/commits#compare-two-commits */
const MOST_FILES = 300;

/**
 * Whether a branch has a newer commit than ours that changes what is rendered: its own run writes then. Ours would bring back what
 * that one took away, where the newest state is the one from before ours, so that no commit tells of it.
 *
 * @param commit ours
 * @param paths folders and files that are rendered, from the root; empty for all
 * @returns `false` where ours is the newest that changes them, or the branch went elsewhere
 * @throws Error for people when GitHub does not answer
 */
export async function hasNewerDefinition(
  source: Connected,
  commit: string,
  branch: string,
  paths: readonly string[],
): Promise<boolean> {
  const operation = {
    doing: `compare ${commit} with ${branch}`,
    repository: nameOf(source),
    permission: 'contents: read',
  };
  const { status, files = [] } = await attempt(operation, () => compareCommits(source, commit, branch, 100));
  const isRendered = ({ filename, previous_filename }: { filename: string; previous_filename?: string }) =>
    [filename, previous_filename ?? filename].some((file) =>
      paths.some((path) => path === '' || file === path || file.startsWith(`${path}/`)),
    );
  return status === 'ahead' && (files.length >= MOST_FILES || files.some(isRendered));
}
