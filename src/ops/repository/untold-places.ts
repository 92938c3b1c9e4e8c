import { isRequestFailure } from '../../github/errors.js';
import { layoutAt } from '../layouts/layout-at.js';
import { environmentApps } from '../overlays/environment-apps.js';
import { HOME, livesAt, type Place } from '../policy/places.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { type Sources, writtenAtHome } from './source-places.js';

/** Where nobody knows whether a branch is rendered, nothing is written to it. @throws Error why nobody knows */
export function refuseUntold({ policy, untold }: Sources, place: Place): void {
  for (const [name, error] of untold) {
    if (policy.environments.some((each) => each.name === name && livesAt(each, place))) {
      throw error;
    }
  }
}

/**
 * The source of an environment of which nobody knows whether it is rendered may be on the default branch, and what is written for
 * another one there may change it, too: so nothing is, where something of it is there.
 *
 * @param tree of the default branch
 * @throws Error why nobody knows; what a failed request throws
 */
export async function refuseSources(tree: TreeReader, { policy, untold }: Sources): Promise<void> {
  const [first] = untold.values();
  if (first === undefined) {
    return;
  }
  const all = writtenAtHome(policy, untold);
  const layout = await layoutAt(tree, all, HOME).catch((error: unknown) => {
    throw isRequestFailure(error) ? error : first;
  });
  for (const [name, error] of untold) {
    const apps = await environmentApps(tree, layout, name);
    if (apps.length > 0) {
      throw error;
    }
  }
}
