import { templatesOf } from '../overlays/carrier-files.js';
import { type Layout, overlayFolder } from '../overlays/layout.js';
import { likelyBases } from '../overlays/likely-paths.js';
import type { AppEnvironment } from '../tree/app-environment.js';
import { addToCache, objectAt } from '../tree/github-tree.js';
import { NAME_PATTERN } from '../tree/name.js';
import type { OpsTree } from './ops-tree.js';

/**
 * Reads the folders of overlays and of their bases, each as one part of a request instead of file by file, and hands them to the base. What
 * is read afterwards of an app's own folder, or of a group's for an environment, is known then.
 *
 * @param oid the base's commit
 */
export async function readFolders(
  { reader, base }: OpsTree,
  oid: string,
  layout: Layout,
  appEnvironments: readonly AppEnvironment[],
): Promise<void> {
  // Who reads the overlay of a name that is fit for no path says so.
  const folders = appEnvironments
    .filter(({ environment, app }) => NAME_PATTERN.test(environment) && NAME_PATTERN.test(app))
    .flatMap(({ environment, app }) => [
      ...templatesOf(layout, app).map((template) => overlayFolder(layout, template, environment, app)),
      ...likelyBases(layout, app),
    ]);
  await Promise.all(
    [...new Set(folders)].map(async (folder) => {
      addToCache(base, folder, 0, await reader.load(objectAt(oid, folder)));
    }),
  );
}
