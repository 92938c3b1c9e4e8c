import { CLUSTERS_FOLDER, PREVIEWS_FOLDER, RECORDS_FOLDER } from '../../../preview-records/paths.js';
import type { Change } from '../../../tree/change.js';
import type { TreeItem } from '../../../tree/tree-commit.js';
import type { ReconcilePlan } from '../plan/plan.js';
import { leftPreviews } from './merged-tree.js';
import type { PreviewsState, TreeEntry } from './read-state.js';

/** Names at the root of the deployed branch that the branch of previews never has. */
export const LEFT_OUT = new Set(['.github', PREVIEWS_FOLDER]);

/**
 * The tree `previews/` after a plan. Previews that do not change are there by the ids of their folders, so nothing of them is
 * read or sent.
 *
 * @param change what of the plan is for the branch of previews
 * @returns `undefined` where nothing in it changes
 */
export function previewsItems(
  state: PreviewsState,
  change: Change,
  whole: ReconcilePlan['whole'],
): TreeItem[] | undefined {
  const { branch, deployed } = state;
  const paths = [...change.files.keys(), ...(change.deletions ?? [])];
  const left = leftPreviews(state);
  if (paths.length === 0 && left.length === 0) {
    return undefined;
  }
  const changed = new Set(paths.filter((path) => !isShared(path)).map((path) => path.split('/')[1] ?? ''));
  const folders = [
    ...branch.previews.filter(({ name }) => !SHARED.some((shared) => shared === `${PREVIEWS_FOLDER}/${name}`)),
    ...deployed.previews.filter(({ name }) => left.includes(name)),
  ];
  const kept = folders.filter(({ name }) => !changed.has(name));
  const rendered = [...changed].flatMap((name) => [...(whole.get(name) ?? [])]);
  const records = [...branch.records, ...deployed.records.filter(({ name }) => left.includes(withoutEnding(name)))];
  return [
    ...unique(kept).map((entry) => itemOf(entry, entry.name)),
    ...rendered.map(([path, content]) => fileItem(path, content)),
    ...sharedItems(RECORDS_FOLDER, records, change),
    ...hostsOf(state, paths).flatMap((host) =>
      sharedItems(`${CLUSTERS_FOLDER}/${host}`, branch.clusters.get(host) ?? [], change),
    ),
  ];
}

/**
 * The tree of the branch: the deployed branch's without `.github`, with `previews/` beside it.
 *
 * @param previews id of the tree `previews/`
 */
export function rootItems({ deployed }: PreviewsState, previews: string): TreeItem[] {
  return [
    ...deployed.root.filter(({ name }) => !LEFT_OUT.has(name)).map((entry) => itemOf(entry, entry.name)),
    { path: PREVIEWS_FOLDER, mode: '040000', type: 'tree', sha: previews },
  ];
}

/** Folders of which each file is one preview's, so that they are made file by file. */
const SHARED = [RECORDS_FOLDER, CLUSTERS_FOLDER];

function isShared(path: string): boolean {
  return SHARED.some((folder) => path.startsWith(`${folder}/`));
}

function sharedItems(folder: string, entries: readonly TreeEntry[], { files, deletions = [] }: Change): TreeItem[] {
  const written = [...files].filter(([path]) => isIn(folder, path));
  const kept = unique(entries).filter(({ name }) => {
    const path = `${folder}/${name}`;
    return !files.has(path) && !deletions.includes(path);
  });
  return [
    ...kept.map((entry) => itemOf(entry, `${relative(folder)}/${entry.name}`)),
    ...written.map(([path, content]) => fileItem(path, content)),
  ];
}

/** The host environments whose objects are on the branch afterwards. */
function hostsOf({ branch }: PreviewsState, paths: readonly string[]): string[] {
  const written = paths.flatMap((path) => (isIn(CLUSTERS_FOLDER, path) ? [path.split('/')[2] ?? ''] : []));
  return [...new Set([...branch.clusters.keys(), ...written])];
}

/** The first entry of each name. */
function unique(entries: readonly TreeEntry[]): TreeEntry[] {
  const byName = new Map([...entries].reverse().map((entry) => [entry.name, entry]));
  return [...byName.values()].reverse();
}

function itemOf({ mode, type, oid }: TreeEntry, path: string): TreeItem {
  return { path, mode, type, sha: oid };
}

function fileItem(path: string, content: string): TreeItem {
  return { path: relative(path), mode: '100644', type: 'blob', content };
}

/** A path from the folder `previews`. */
function relative(path: string): string {
  return path.slice(PREVIEWS_FOLDER.length + 1);
}

function isIn(folder: string, path: string): boolean {
  return path.startsWith(`${folder}/`);
}

function withoutEnding(name: string): string {
  return name.replace(/\.yaml$/, '');
}
