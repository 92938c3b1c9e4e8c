import { type KustomizationFile, readKustomization } from '../kustomize/kustomization.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { isPerApp, type Layout, overlayFolder, overlayTemplatesOf } from './layout.js';
import { readOverlay } from './overlay.js';

/** The overlay of an app in an environment: the kustomization that includes the app, and the folder of its patches. */
export interface AppOverlay {
  environment: string;
  /** The template of the layout that led to it. */
  template: string;
  /** Whether the app has it for itself, and does not share a kustomization. */
  isOwn: boolean;
  /** Folder of the kustomization: the app's own, or the environment's of a group. */
  folder: string;
  kustomization: KustomizationFile;
  /** Folder of the app's patches. */
  patches: string;
}

/**
 * Finds the overlays of an app in an environment. There are several where several groups have an app of this name.
 *
 * @throws Error where a kustomization is not valid YAML, or a name cannot be part of a path
 */
export async function appOverlaysOf(
  tree: TreeReader,
  layout: Layout,
  environment: string,
  app: string,
): Promise<AppOverlay[]> {
  const found = await Promise.all(
    overlayTemplatesOf(layout, app).map(async (template): Promise<AppOverlay[]> => {
      const folder = overlayFolder(layout, template, environment, app);
      const isOwn = isPerApp(layout, template);
      const [overlay, kustomization] = await Promise.all([
        readOverlay(tree, layout, environment, app, [template]),
        readKustomization(tree, folder),
      ]);
      return overlay === undefined || kustomization === undefined
        ? []
        : [{ environment, template, isOwn, folder, kustomization, patches: patchesFolder(isOwn, folder, app) }];
    }),
  );
  return found.flat();
}

/**
 * The folder of an app's patches.
 *
 * @param isOwn whether the app has the overlay for itself
 * @param folder folder of the overlay
 */
export function patchesFolder(isOwn: boolean, folder: string, app: string): string {
  return isOwn ? folder : `${folder}/${app}`;
}
