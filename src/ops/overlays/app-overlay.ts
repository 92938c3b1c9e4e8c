import type { OverlayFile } from '../carriers/overlay-file.js';
import { readKustomization } from '../kustomize/kustomization.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { isPerApp, type Layout, overlayFolder } from './layout.js';
import { readOverlay } from './overlay.js';

/** The overlay of an app in an environment: the kustomization that includes the app, and the folder of its patches. */
export interface AppOverlay {
  environment: string;
  /** The template of the layout that led to it. */
  template: string;
  /** Folder of the kustomization: the app's own, or the environment's of a group. */
  folder: string;
  kustomization: OverlayFile;
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
    layout.templates.map(async (template): Promise<AppOverlay[]> => {
      const folder = overlayFolder(template, environment, app);
      const [overlay, kustomization] = await Promise.all([
        readOverlay(tree, { ...layout, templates: [template] }, environment, app),
        readKustomization(tree, folder),
      ]);
      return overlay === undefined || kustomization === undefined
        ? []
        : [{ environment, template, folder, kustomization, patches: patchesFolder(template, folder, app) }];
    }),
  );
  return found.flat();
}

/**
 * The folder of an app's patches.
 *
 * @param folder folder of the overlay, by the same template
 */
export function patchesFolder(template: string, folder: string, app: string): string {
  return isPerApp(template) ? folder : `${folder}/${app}`;
}
