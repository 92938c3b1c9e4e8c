import { posix } from 'node:path';
import type { Layout } from '../overlays/layout.js';
import { overlayOfPath } from '../overlays/overlay-path.js';
import { hubsOf } from './hub-objects.js';
import { type Reach, reachOf } from './reach.js';
import type { SideFiles } from './side-files.js';

/** One side with what the clusters of each environment take in. */
export interface ReachedSide {
  files: SideFiles;
  reach: ReadonlyMap<string, Reach>;
  /** Files in no environment's folder whose objects deploy folders of environments, with these. */
  hubs: ReadonlyMap<string, readonly string[]>;
}

/**
 * Follows what the clusters of each environment take in: from its folders, and from the objects elsewhere that deploy nothing
 * but folders of one environment.
 */
export async function reachedSide(
  files: SideFiles,
  layout: Layout,
  environments: readonly string[],
): Promise<ReachedSide> {
  const isOf = (path: string, environment: string) =>
    overlayOfPath(layout, path)?.environment === environment || posix.dirname(path).split('/').includes(environment);
  const reachWith = async (hubs: ReadonlyMap<string, readonly string[]>) => {
    const owns = (path: string, name: string) => isOf(path, name) || hubs.get(path)?.includes(name) === true;
    const all = environments.map((name) =>
      reachOf(
        files,
        name,
        (path) => owns(path, name),
        (path) => !owns(path, name) && environments.some((other) => owns(path, other)),
      ),
    );
    return new Map((await Promise.all(all)).map((each) => [each.environment, each]));
  };
  const first = await reachWith(new Map());
  const hubs = await hubsOf(files, first, layout);
  return { files, hubs, reach: hubs.size === 0 ? first : await reachWith(hubs) };
}
