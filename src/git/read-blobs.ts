import type { Git } from './git.js';

/**
 * Reads objects in one command of git.
 *
 * @returns their contents in the order of the ids; an Error for one that the repository does not have
 * @see https://git-scm.com/docs/git-cat-file#_batch_output
 */
export async function readBlobs(git: Git, ids: readonly string[]): Promise<(Buffer | Error)[]> {
  const output = await git.readBytes(['cat-file', '--batch'], ids.map((id) => `${id}\n`).join(''));
  let at = 0;
  return ids.map((id) => {
    const end = output.indexOf('\n', at);
    const [, type, size] = output.subarray(at, end).toString('utf8').split(' ');
    if (end < 0 || type === undefined || size === undefined) {
      at = end + 1;
      return new Error(`git has no object ${id}.`);
    }
    const start = end + 1;
    at = start + Number(size) + 1;
    return output.subarray(start, at - 1);
  });
}
