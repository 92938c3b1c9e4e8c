import { findBase } from '../../../judgement/preview-base.js';
import { baseObjects } from '../../../judgement/preview-objects.js';
import { readOverlay } from '../../../overlays/overlay.js';
import type { AppSources } from './app-overlay.js';
import { imagesOfHost } from './host-environment.js';

/**
 * The images that apps run in the host environment, by all names that their bases and overlays have for them.
 *
 * @returns without tag and digest; nothing of an app that has no base
 * @throws PreviewProblem where files of an app cannot be read; whatever the tree throws
 */
export async function hostImages({ tree, layout, host }: AppSources, apps: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    apps.map(async (app) => {
      const overlay = await readOverlay(tree, layout, host, app);
      const base = await findBase(tree, layout, host, app, overlay);
      if (base === undefined) {
        return [];
      }
      const isOpen = (await baseObjects(tree, base)).unread.length > 0;
      const running = imagesOfHost(overlay, base.manifests.images, isOpen);
      return [...base.manifests.images, ...running.map(({ name, newName }) => newName ?? name)];
    }),
  );
  return [...new Set(found.flat())];
}
