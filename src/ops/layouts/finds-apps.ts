import { isRequestFailure } from '../../github/errors.js';
import { deployedIn } from '../carriers/deployed.js';
import { isKustomization } from '../kustomize/kustomization.js';
import { environmentApps } from '../overlays/environment-apps.js';
import { environmentsOf } from '../overlays/environments.js';
import type { Layout } from '../overlays/layout.js';
import { readOverlay } from '../overlays/overlay.js';
import { canBeTopApp, canHoldApps } from '../overlays/top-folders.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { OF_APPS } from './folder-words.js';

/** Environments that are looked into, and apps of each. */
const SOME = 3;

/**
 * Whether a layout would find apps if the policy said it: in one of the first environments one of the first apps has a
 * kustomization, or a version. What has an app in the place of its environment finds none, and neither has a folder that is
 * called after a kind of things.
 *
 * @param layout without `*`
 * @throws what a failed request throws
 */
export async function findsApps(tree: TreeReader, layout: Layout): Promise<boolean> {
  try {
    const named = await environmentsOf(tree, layout, '');
    const environments = named.filter((name) => canHoldApps(name) && !OF_APPS.has(name)).slice(0, SOME);
    const found = await Promise.all(environments.map((environment) => hasApps(tree, layout, environment)));
    return found.some(Boolean);
  } catch (error) {
    if (isRequestFailure(error)) {
      throw error;
    }
    return false;
  }
}

async function hasApps(tree: TreeReader, layout: Layout, environment: string): Promise<boolean> {
  const named = await environmentApps(tree, layout, environment);
  const apps = named.filter((name) => canBeTopApp(name) && !OF_APPS.has(name)).slice(0, SOME);
  const overlays = await Promise.all(apps.map((app) => readOverlay(tree, layout, environment, app)));
  return overlays.some((overlay, index) => {
    const files = overlay?.files ?? [];
    const { targets, pinned, following = [] } = deployedIn(files, apps[index] ?? '');
    const isFilled = targets.length + pinned.length + following.length > 0;
    return apps[index] !== environment && (isFilled || files.some(({ path }) => isKustomization(path)));
  });
}
