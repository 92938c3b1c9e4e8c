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
  return named(await snapshot.at(environment, app), environment, app);
}

/**
 * The snapshot of the branch that is rendered from where an app in an environment lives, likewise.
 *
 * @returns `undefined` where nothing is rendered from there
 * @throws Error as `snapshotAt` does
 */
export async function renderedAt(snapshot: Snapshot, environment: string, app: string): Promise<Snapshot | undefined> {
  const there = await snapshot.running(environment, app);
  return there && named(there, environment, app);
}

async function named(there: Snapshot, environment: string, app: string): Promise<Snapshot> {
  const layout = await withNamedApps(there.tree, there.layout, there.policy, [environment], app === '' ? [] : [app]);
  return { ...there, layout };
}
