import { addReference } from '../../kustomize/edit-references.js';
import { isKustomization } from '../../kustomize/kustomization.js';
import { references, samePath } from '../../kustomize/references.js';
import { copyObject } from '../../reconcilers/copy-object.js';
import type { AppEnvironment } from '../../tree/app-environment.js';
import type { TreeReader } from '../../tree/tree-reader.js';

/** An app that joins a cluster. */
interface NewApp extends AppEnvironment {
  /** The app's overlay, from the root of the repository. */
  folder: string;
  /** Where the app goes; `undefined` for the namespace of the other apps. */
  namespace: string | undefined;
}

/**
 * The object that tells the cluster of an environment to deploy a new app, for clusters where every app has an object of
 * its own: a copy of the Flux Kustomization or Argo CD Application of another app in `clusters/<environment>`.
 *
 * @param siblings overlays of other apps, by app
 * @returns `files`: new contents by path, none where the cluster has no such objects; `before`: what those of them held
 *   that are there already
 * @throws InvalidYaml naming file and line; what reading the tree throws
 */
export async function clusterObject(
  tree: TreeReader,
  { environment, app, folder, namespace }: NewApp,
  siblings: ReadonlyMap<string, string>,
): Promise<{ files: Map<string, string>; before: Map<string, string> }> {
  const cluster = `clusters/${environment}`;
  const entries = ((await tree.list(cluster)) ?? []).filter(({ type }) => type === 'file');
  const names = entries.map(({ name }) => name);
  const candidates = [...siblings].flatMap(([sibling, overlay]) =>
    names
      .filter((name) => name === `${sibling}.yaml` || name === `${sibling}.yml`)
      .map((name) => ({ sibling, overlay, name })),
  );
  for (const { sibling, overlay, name } of candidates) {
    const path = `${cluster}/${name}`;
    const text = (await tree.read(path)) ?? '';
    const copy = copyObject(text, path, { app: sibling, folder: overlay }, { app, folder, namespace });
    const target = `${app}${name.slice(sibling.length)}`;
    if (copy !== undefined && !names.includes(target)) {
      const list = await listedLike(tree, cluster, names, { name, target });
      return {
        files: new Map([
          [`${cluster}/${target}`, copy],
          ...(list === undefined ? [] : [[list.path, list.text] as const]),
        ]),
        before: new Map(list === undefined ? [] : [[list.path, list.before]]),
      };
    }
  }
  return { files: new Map(), before: new Map() };
}

/** The cluster's kustomization with the new file after the file that it is a copy of; `undefined` where it lists neither. */
export async function listedLike(
  tree: TreeReader,
  cluster: string,
  names: readonly string[],
  { name, target }: { name: string; target: string },
): Promise<{ path: string; text: string; before: string } | undefined> {
  const [kustomization] = names.filter(isKustomization);
  const path = `${cluster}/${kustomization ?? ''}`;
  const before = kustomization === undefined ? undefined : await tree.read(path);
  if (before === undefined || !references(before, path).some((reference) => samePath(reference.path, name))) {
    return undefined;
  }
  return { path, text: addReference(before, 'resources', target, path, { after: name }), before };
}
