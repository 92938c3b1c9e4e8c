import type { OverlayFile } from '../carriers/overlay-file.js';
import { readKustomization } from '../kustomize/kustomization.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { followReferences, readFile } from './follow-references.js';
import { imageOwners } from './image-owners.js';
import { isFile, isPerApp, type Layout, overlayFolder, templatesOf } from './layout.js';
import { readSharedFile, readSharedFolder } from './shared-overlay.js';
import { withChartLocks } from './wrapper-charts.js';

/** The files of an app in an environment. */
export interface Overlay {
  /** For messages: the folder of the app, or of the environment where a group has one kustomization for all apps. */
  folder: string;
  /**
   * The files that may carry its version, in the order in which they are found: a kustomization before what it
   * includes.
   */
  files: OverlayFile[];
}

/**
 * Reads the overlay of an app: its kustomization and what that includes from the folder of the overlay, but no base,
 * because all environments share it. Files are read by their exact paths, level by level. A folder without a
 * kustomization (plain manifests, Helm values for Argo CD) is read whole. Files `values*.yaml` next to a kustomization
 * are read too. An overlay that is a file is that file.
 *
 * @param templates which templates to go by; by default all of the app
 * @returns `undefined` where the environment does not have the app
 * @throws Error where a kustomization is not valid YAML, or a name cannot be part of a path
 */
export async function readOverlay(
  tree: TreeReader,
  layout: Layout,
  environment: string,
  app: string,
  templates: readonly string[] = templatesOf(layout, app),
): Promise<Overlay | undefined> {
  const owners = imageOwners(layout);
  const found = await Promise.all(
    templates.map((template) => {
      const folder = overlayFolder(layout, template, environment, app);
      if (isPerApp(layout, template)) {
        return isFile(template) ? readAppFile(tree, folder) : readAppFolder(tree, folder);
      }
      return isFile(template) ? readSharedFile(tree, folder, app, owners) : readSharedFolder(tree, folder, app, owners);
    }),
  );
  const overlays = found.filter((overlay) => overlay !== undefined);
  const [first] = overlays;
  if (first === undefined) {
    return undefined;
  }
  return {
    folder: overlays.length === 1 ? first.folder : overlays.map((overlay) => overlay.folder).join(' and '),
    files: eachOnce(overlays.flatMap((overlay) => overlay.files)),
  };
}

/** Two templates may find one file, where one of them is inside of the other's folder. */
function eachOnce(files: readonly OverlayFile[]): OverlayFile[] {
  return files.filter(({ path }, index) => files.findIndex((other) => other.path === path) === index);
}

async function readAppFolder(tree: TreeReader, folder: string): Promise<Overlay | undefined> {
  const [kustomization, entries] = await Promise.all([readKustomization(tree, folder), tree.list(folder)]);
  const names = (entries ?? []).filter((entry) => entry.type === 'file').map((entry) => entry.name);
  const direct = names.filter((name) =>
    (kustomization === undefined ? /\.(ya?ml|json)$/ : /^values.*\.ya?ml$/).test(name),
  );
  const reading = Promise.all(direct.map((name) => readFile(tree, `${folder}/${name}`)));
  if (kustomization === undefined) {
    const files = await withChartLocks(tree, (await reading).flat());
    return entries === undefined ? undefined : { folder, files };
  }
  const seen = new Set([kustomization.path]);
  const [followed, values] = await Promise.all([
    followReferences(tree, folder, [kustomization], seen, () => true),
    reading,
  ]);
  const unseen = values.flat().filter((file) => followed.every((other) => other.path !== file.path));
  return { folder, files: [...followed, ...unseen] };
}

async function readAppFile(tree: TreeReader, path: string): Promise<Overlay | undefined> {
  const files = await withChartLocks(tree, await readFile(tree, path));
  return files.length === 0 ? undefined : { folder: path, files };
}
