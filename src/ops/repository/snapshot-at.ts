import { withNamedApps } from '../layouts/named-apps.js';
import type { Snapshot } from './snapshot.js';

/**
 * The snapshot of where an app in an environment lives, with a layout that finds it by its name: the same one, where it is here.
 *
 * @throws Error when that place cannot be read, or nothing tells where overlays are there
 */
export async function snapshotAt(snapshot: Snapshot, environment: string, app: string): Promise<Snapshot> {
  if (snapshot.isHere(environment, app)) {
    return snapshot;
  }
  const there = await snapshot.at(environment, app);
  const layout = await withNamedApps(there.tree, there.layout, there.policy, [environment], app === '' ? [] : [app]);
  return { ...there, layout };
}
