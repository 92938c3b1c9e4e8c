import type { OverlayFile } from '../carriers/overlay-file.js';
import { readKustomization } from '../kustomize/kustomization.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { isPerApp, type Layout, overlayFolder } from './layout.js';
import { readOverlay } from './overlay.js';

/** Where an app is in an environment. */
export interface AppOverlay {
  environment: string;
  /** The one of the layout's templates that it is by. */
  template: string;
  /** Folder of the kustomization that takes the app in: the app's own, or the environment's of a group. */
  folder: string;
  kustomization: OverlayFile;
  /** Folder of the app's patches in it. */
  patches: string;
}

/**
 * Finds the kustomizations that take an app in, in one environment. Several groups may have an app of one name.
 *
 * @throws Error where a kustomization is no valid YAML, or a name is not fit for a path
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
        readOverlay(tree, { templates: [template] }, environment, app),
        readKustomization(tree, folder),
      ]);
      return overlay === undefined || kustomization === undefined
        ? []
        : [{ environment, template, folder, kustomization, patches: patchesFolder(template, folder, app) }];
    }),
  );
  return found.flat();
}

/** Where an app's patches are, in a folder of the template. */
export function patchesFolder(template: string, folder: string, app: string): string {
  return isPerApp(template) ? folder : `${folder}/${app}`;
}
