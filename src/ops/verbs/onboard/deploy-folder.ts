import { posix } from 'node:path';
import { isKustomization, KUSTOMIZATION_NAMES } from '../../kustomize/kustomization.js';
import { manifestReferences } from '../../kustomize/manifest-references.js';
import { isRemote } from '../../kustomize/remote.js';
import type { TreeReader } from '../../tree/tree-reader.js';

/** Far more than the manifests of any app. */
const MOST_FILES = 100;
/** Levels of folders that are read. */
const DEPTH = 4;

/**
 * An app's manifests in its apps repository: `apps/<app>/deploy`, or `deploy` in a repository of one app.
 *
 * @param tree the apps repository at one commit
 * @param app its name there
 * @returns the folder from the root of the repository, and contents by path in the folder; `undefined` where there is none
 * @throws Error where the folder has no kustomization, or takes in what is outside of it
 */
export async function readDeployFolder(
  tree: TreeReader,
  app: string,
): Promise<{ folder: string; files: Map<string, string> } | undefined> {
  const folders = [`apps/${app}/deploy`, 'deploy'];
  const listed = await Promise.all(folders.map((folder) => tree.list(folder)));
  const folder = folders.find((_, index) => listed[index] !== undefined);
  if (folder === undefined) {
    return undefined;
  }
  const files = await readAll(tree, folder, '', DEPTH);
  if (files.size > MOST_FILES) {
    throw new Error(`${folder} has ${files.size} files, expected at most ${MOST_FILES} manifests.`);
  }
  if (!KUSTOMIZATION_NAMES.some((name) => files.has(name))) {
    throw new Error(`${folder} has no kustomization. Add ${folder}/kustomization.yaml that lists its manifests.`);
  }
  for (const [path, text] of files) {
    const outside = isKustomization(path)
      ? manifestReferences(text, `${folder}/${path}`).find((each) => !isRemote(each) && leaves(path, each))
      : undefined;
    if (outside !== undefined) {
      throw new Error(
        `${folder}/${path} takes in ${outside}, which is outside of ${folder}, so it would be missing in the ops repository.`,
      );
    }
  }
  return { folder, files };
}

function leaves(path: string, reference: string): boolean {
  return posix.isAbsolute(reference) || posix.join(posix.dirname(path), reference).startsWith('..');
}

async function readAll(tree: TreeReader, root: string, inner: string, depth: number): Promise<Map<string, string>> {
  const folder = inner === '' ? root : `${root}/${inner}`;
  const entries = depth === 0 ? [] : ((await tree.list(folder)) ?? []);
  const found = await Promise.all(
    entries.map(async ({ name, type }): Promise<[string, string][]> => {
      const path = inner === '' ? name : `${inner}/${name}`;
      if (type === 'folder') {
        return [...(await readAll(tree, root, path, depth - 1))];
      }
      const text = await tree.read(`${root}/${path}`);
      return text === undefined ? [] : [[path, text]];
    }),
  );
  return new Map(found.flat());
}
