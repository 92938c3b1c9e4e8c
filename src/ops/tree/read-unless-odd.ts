import { isRequestFailure } from '../../github/errors.js';
import type { TreeReader } from './tree-reader.js';

/**
 * The text of a file; `undefined` too for what is no plain text, such as a symbolic link: it is nothing that a cluster takes.
 *
 * @throws what a failed request throws
 */
export async function readUnlessOdd(tree: TreeReader, path: string): Promise<string | undefined> {
  try {
    return await tree.read(path);
  } catch (error) {
    if (isRequestFailure(error)) {
      throw error;
    }
    return undefined;
  }
}
