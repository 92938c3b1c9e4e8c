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

/** Names that may be environments, of folders above a path and of the overlay that it is in, by layout. */
const known = new WeakMap<Layout, Map<string, ReadonlySet<string>>>();

function placesOf(layout: Layout, path: string): ReadonlySet<string> {
  const own = known.get(layout) ?? new Map<string, ReadonlySet<string>>();
  const found =
    own.get(path) ?? new Set([...posix.dirname(path).split('/'), overlayOfPath(layout, path)?.environment ?? '']);
  own.set(path, found);
  known.set(layout, own);
  return found;
}

/**
 * Follows what the clusters of each environment take in: from its folders, and from the objects elsewhere that deploy nothing
 * but folders of one environment.
 *
 * @param further environments that files deploy into, beside those whose folders they are in or deploy
 */
export async function reachedSide(
  files: SideFiles,
  layout: Layout,
  environments: readonly string[],
  further: ReadonlyMap<string, readonly string[]> = new Map(),
): Promise<ReachedSide> {
  const isOf = (path: string, environment: string) => placesOf(layout, path).has(environment);
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
  const owners = new Map(hubs);
  for (const [path, names] of further) {
    owners.set(path, [...(owners.get(path) ?? []), ...names]);
  }
  return { files, hubs, reach: owners.size === 0 ? first : await reachWith(owners) };
}
