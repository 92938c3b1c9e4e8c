import { posix } from 'node:path';
import type { OverlayFile } from '../carriers/find-carriers.js';
import { references } from '../kustomize/edit-references.js';
import { isRemote } from '../kustomize/kustomization.js';
import { readKustomization } from '../kustomize/read-kustomization.js';
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

/** One of the patches that an app has in an environment, as its kustomization refers to it. */
export interface AppPatch {
  /** From the root of the repository. */
  path: string;
  /** As written in the kustomization. */
  reference: string;
  /** What it is about: `settings` of `settings.yaml`, with its leading `_` where it stays in its environment. */
  intent: string;
  /** Whether it never travels. */
  environmentOnly: boolean;
  /** What the reference has beside its path: a target, options. */
  otherFields: ReturnType<typeof references>[number]['otherFields'];
}

/** The app's patches that the kustomization refers to, in its order. */
export function appPatches(place: AppOverlay): AppPatch[] {
  return references(place.kustomization.text, place.kustomization.path).flatMap(
    ({ list, path: reference, otherFields }) => {
      const path = posix.join(place.folder, reference);
      if (list !== 'patches' || posix.dirname(path) !== place.patches) {
        return [];
      }
      const intent = posix.basename(path).replace(/\.(ya?ml|json)$/, '');
      return [{ path, reference, intent, environmentOnly: intent.startsWith('_'), otherFields }];
    },
  );
}

/**
 * What a place takes the app from, outside of itself: folders from the root of the repository, and addresses elsewhere.
 * In a group only what has the app's name.
 */
export function appBases(place: AppOverlay, app: string): { folders: string[]; remote: string[] } {
  const { kustomization, folder, template } = place;
  const named = references(kustomization.text, kustomization.path)
    .filter(({ list, path }) => list === 'resources' && (isPerApp(template) || path.split(/[/?]/).includes(app)))
    .map(({ path }) => path);
  const folders = named
    .filter((path) => !isRemote(path) && !path.startsWith('/') && !/\.(ya?ml|json)$/.test(path))
    .map((path) => posix.join(folder, path).replace(/\/$/, ''));
  return {
    folders: folders.filter((path) => !`${path}/`.startsWith(`${folder}/`) && !path.startsWith('..')),
    remote: named.filter(isRemote),
  };
}
