import { isKustomization } from '../../../kustomize/kustomization.js';
import type { PreviewPolicy } from '../../../policy/preview-policy.js';
import {
  clusterFile,
  clusterFolder,
  DEPLOYED_RECORDS,
  deployedFolder,
  deployedObject,
  PREVIEWS_FOLDER,
  previewOfFile,
  ROOT_FILE,
} from '../../../preview-records/paths.js';
import { readCluster } from '../../../reconcilers/cluster.js';
import type { PreviewCluster, Reconciler } from '../../../reconcilers/reconciler.js';
import type { Change } from '../../../tree/change.js';
import { filesUnder } from '../../../tree/files-under.js';
import { toYaml } from '../../../yaml/to-yaml.js';
import type { DeployedState, PreviewsState } from './read-state.js';

/** A plan, by the branch that each of its files is on. */
export interface SplitChange {
  branch: Change;
  deployed: Change;
}

/**
 * Splits a plan by branches. The object of a preview that was made while previews were on the deployed branch stays there until
 * the preview is over, and reads from the branch of previews instead: an object that left the one branch for the other would be
 * pruned by the first, with all that runs.
 *
 * @param change what is planned, at the places of the branch of previews
 */
export async function splitChange(
  state: PreviewsState,
  previews: PreviewPolicy,
  change: Change,
  repositoryUrl: string,
): Promise<SplitChange> {
  const { objects } = state.deployed;
  const places = new Map(
    [...objects].flatMap(([host, { names }]) =>
      names.map((name) => [clusterFile(host, name), deployedObject(host, name)] as const),
    ),
  );
  const { files, deletions = [] } = change;
  const branch = {
    files: new Map([...files].filter(([path]) => !places.has(path))),
    deletions: deletions.filter((path) => !places.has(path)),
  };
  const written = new Map([...files].flatMap(([path, text]) => entryAt(places.get(path), text)));
  const gone = new Set(deletions.flatMap((path) => places.get(path) ?? []));
  const folders = await Promise.all(
    [...objects].map(([host, { names }]) =>
      names.length === 0
        ? new Map<string, string>()
        : folderAfter(state, host, previews, { written, gone, repositoryUrl }),
    ),
  );
  const left = await leftFiles(state.deployed);
  const deletionsThere = [...gone, ...left].sort();
  return { branch, deployed: { files: new Map(folders.flatMap((each) => [...each])), deletions: deletionsThere } };
}

function entryAt(path: string | undefined, text: string): [string, string][] {
  return path === undefined ? [] : [[path, text]];
}

interface FolderEdit {
  /** Texts of objects by path, as planned. */
  written: ReadonlyMap<string, string>;
  /** Paths of objects of previews that are over. */
  gone: ReadonlySet<string>;
  repositoryUrl: string;
}

/** What changes in the folder of objects of one cluster, while previews have objects in it. */
async function folderAfter(
  { deployed }: PreviewsState,
  host: string,
  { branch, reconciler: name }: PreviewPolicy,
  { written, gone, repositoryUrl }: FolderEdit,
): Promise<Map<string, string>> {
  const cluster = await readCluster(deployed.tree, host, name);
  const target = { ...cluster, branch, repositoryUrl };
  const { names, others } = deployed.objects.get(host) ?? { names: [], others: [] };
  const staying = names.map((each) => deployedObject(host, each)).filter((path) => !gone.has(path));
  const texts = await Promise.all(
    staying.map(async (path) => {
      const before = (await deployed.tree.read(path)) ?? '';
      const now = written.get(path) ?? cluster.reconciler?.previews.moved(before, path, target) ?? before;
      return now === before ? [] : ([[path, now]] as const);
    }),
  );
  const hasRoot = cluster.reconciler === undefined || cluster.reconciler.previews.isIn(target);
  const root = hasRoot
    ? []
    : [[`${deployedFolder(host)}/${ROOT_FILE}`, rootText(cluster.reconciler, host, target)] as const];
  const after = new Map([...texts.flat(), ...root]);
  const kustomization = others.find(isKustomization);
  if (kustomization !== undefined) {
    const objects = [...staying, ...root.map(([path]) => path)].map((path) =>
      path.slice(deployedFolder(host).length + 1),
    );
    const resources = [...objects, ...others.filter((each) => each !== kustomization && each.endsWith('.yaml'))];
    const path = `${deployedFolder(host)}/${kustomization}`;
    const text = kustomizationOf([...new Set(resources)].sort());
    if ((await deployed.tree.read(path)) !== text) {
      after.set(path, text);
    }
  }
  return after;
}

function rootText(reconciler: Reconciler | undefined, host: string, target: PreviewCluster): string {
  return reconciler?.previews.object(clusterFolder(host), target) ?? '';
}

/** A kustomization of files beside it. */
export function kustomizationOf(resources: readonly string[]): string {
  const list = { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources };
  return toYaml(list, 'What makes the cluster take previews. Written by oStack.');
}

/** Records and folders that the branch of previews has now, or has had before. */
async function leftFiles({ tree, records, previews }: DeployedState): Promise<string[]> {
  const names = records.map(({ name }) => previewOfFile(name));
  const folders = previews.filter(({ name }) => names.includes(name)).map(({ name }) => `${PREVIEWS_FOLDER}/${name}`);
  const files = await Promise.all(folders.map((folder) => filesUnder(tree, folder)));
  return [...records.map(({ name }) => `${DEPLOYED_RECORDS}/${name}`), ...files.flat()];
}
