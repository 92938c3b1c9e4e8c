import type { Layout } from '../overlays/layout.js';
import { overlayOfPath } from '../overlays/overlay-path.js';
import type { Change } from '../tree/change.js';
import type { TreeReader } from '../tree/tree-reader.js';
import type { ChangeGroup } from './change-groups.js';
import { renderedDiff } from './rendered-diff.js';

/** What a change of an ops repository changes in the clusters, or why that is not known. */
export type ClusterChanges =
  | {
      /** By environment and app. */
      groups: ChangeGroup[];
      /** Folders that could not be rendered, with the reason. */
      problems: { folder: string; problem: string }[];
    }
  | { unavailable: string };

/** How many overlays are built at most, which takes a minute. Nobody would read the differences of more. */
const MAX_OVERLAYS = 200;

/**
 * Renders the overlays in which a change writes or deletes files, before and after the change.
 *
 * @param tree the repository without the change
 * @throws Error where a request of the tree fails
 */
export async function clusterChanges(tree: TreeReader, layout: Layout, change: Change): Promise<ClusterChanges> {
  const folders = overlaysIn(layout, change);
  if (folders.length > MAX_OVERLAYS) {
    const found = `${folders.length} overlays change, and at most ${MAX_OVERLAYS} are built for it`;
    return { unavailable: `The rendered difference is left out: ${found}.` };
  }
  const rendered = await renderedDiff(tree, change, folders, layout);
  if ('unavailable' in rendered) {
    return rendered;
  }
  return {
    groups: rendered.folders.flatMap(({ groups }) => groups),
    problems: rendered.folders.flatMap(({ folder, problem }) => (problem === undefined ? [] : [{ folder, problem }])),
  };
}

/** The folders of the overlays in which a change writes or deletes files. */
function overlaysIn(layout: Layout, { files, deletions = [] }: Change): string[] {
  const folders = [...files.keys(), ...deletions].flatMap((path) => {
    const folder = overlayOfPath(layout, path)?.folder;
    // The environment's own kustomization, next to the folders of apps, is not in an overlay.
    return folder === undefined || folder === path ? [] : [folder];
  });
  return [...new Set(folders)];
}
