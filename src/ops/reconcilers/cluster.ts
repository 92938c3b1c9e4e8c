import { isKustomization } from '../kustomize/kustomization.js';
import { manifestReferences } from '../kustomize/manifest-references.js';
import { deployedFolder, ROOT_FILE } from '../preview-records/paths.js';
import type { Entry, TreeReader } from '../tree/tree-reader.js';
import type { MapValue } from '../yaml/values.js';
import { RECONCILERS, type ReconcilerName } from './all.js';
import { objectsIn } from './objects.js';
import type { Reconciler } from './reconciler.js';

/** What the folder `clusters/<environment>` says of the environment's cluster. */
export interface Cluster {
  environment: string;
  /** From the root of the repository. */
  folder: string;
  /** What deploys there; `undefined` where neither the policy nor an object of the cluster shows it. */
  reconciler: Reconciler | undefined;
  /** All objects in the files of the folder. */
  objects: MapValue[];
  /** What the folder's kustomization lists, as written; `undefined` where it has none, so that all its files are applied. */
  listed: string[] | undefined;
}

/** Files of a cluster's folder that are read: enough to see what deploys there. */
const MOST_FILES = 100;

/** What `flux bootstrap` writes beside its own objects: its controllers, a file of 400 kB that no object of the cluster is in. */
export const CONTROLLERS = 'gotk-components.yaml';

/**
 * Reads the folder `clusters/<environment>`, what is in its `flux-system` but for the controllers, and what points it to previews, at
 * most 100 files. Files that are no valid YAML are left out.
 *
 * @param name the reconciler that the policy names; `undefined` to take the one whose objects are in the folder
 * @throws what reading the tree throws
 */
export async function readCluster(
  tree: TreeReader,
  environment: string,
  name: ReconcilerName | undefined,
): Promise<Cluster> {
  const folder = `clusters/${environment}`;
  const [own = [], system = [], previews = []] = await Promise.all([
    tree.list(folder),
    tree.list(`${folder}/flux-system`),
    tree.list(deployedFolder(environment)),
  ]);
  const manifests = (entries: readonly Entry[], within: string) =>
    entries
      .filter(({ type, name }) => type === 'file' && /\.ya?ml$/.test(name) && name !== CONTROLLERS)
      .map((entry) => `${within}/${entry.name}`);
  const paths = [
    ...manifests(system, `${folder}/flux-system`),
    ...previews.filter((entry) => entry.name === ROOT_FILE).map((entry) => `${folder}/previews/${entry.name}`),
    ...manifests(own, folder),
  ].slice(0, MOST_FILES);
  const texts = await Promise.all(paths.map(async (path) => ({ path, text: (await tree.read(path)) ?? '' })));
  const objects = texts.flatMap(({ path, text }) => objectsIn(text, path)).map(({ object }) => object);
  const kustomizations = own.filter((entry) => isKustomization(entry.name));
  const listed = await Promise.all(kustomizations.map((entry) => readReferences(tree, `${folder}/${entry.name}`)));
  return {
    ...{ environment, folder, objects },
    reconciler: chooseReconciler(objects, name),
    listed: kustomizations.length === 0 ? undefined : listed.flat(),
  };
}

function chooseReconciler(objects: readonly MapValue[], name: ReconcilerName | undefined): Reconciler | undefined {
  return RECONCILERS.find((each: Reconciler) => (name === undefined ? each.isIn(objects) : each.name === name));
}

/**
 * The question where nothing shows what deploys in a cluster, with the lines for `ostack.yaml`.
 *
 * @param hasPreviews whether the policy says something of previews already
 */
export function unknownReconciler({ folder, environment }: Cluster, hasPreviews: boolean): string {
  const above = hasPreviews ? '' : `previews:\n  host: ${environment}\n`;
  const blocks = RECONCILERS.map(({ name }) => `${above}  reconciler: ${name}\n`);
  const where = hasPreviews ? 'under "previews:" in ostack.yaml' : 'in ostack.yaml';
  return (
    `Nothing shows what deploys previews: there is no object of Flux or Argo CD in ${folder}. Say it ${where}, with one of ` +
    `these:\n\n${blocks.join('\nor\n\n')}`
  );
}

async function readReferences(tree: TreeReader, path: string): Promise<string[]> {
  const text = await tree.read(path);
  try {
    return text === undefined ? [] : manifestReferences(text, path);
  } catch {
    return []; // A broken kustomization lists nothing that anybody could rely on.
  }
}
