import type { OverlayFile } from '../carriers/overlay-file.js';
import type { AppEnvironment } from '../tree/app-environment.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { readFile } from './follow-references.js';
import type { Layout } from './layout.js';

/**
 * The helmfiles of a repository, beside the files of an overlay that are not one of them: they are for all environments, and what
 * they say of versions themselves comes over the values of each.
 */
export async function readHelmfiles(
  tree: TreeReader,
  { helmfiles = [] }: Pick<Layout, 'helmfiles'>,
  { app, environment }: AppEnvironment,
): Promise<OverlayFile[]> {
  const read = await Promise.all(helmfiles.map((path) => readFile(tree, path)));
  return read.flat().map((file): OverlayFile => ({ ...file, app, environment, isHelmfile: true, onlyNamed: true }));
}
