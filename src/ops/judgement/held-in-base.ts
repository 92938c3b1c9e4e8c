import { readState, withLayers } from '../overlays/app-state.js';
import type { Layout } from '../overlays/layout.js';
import { deployedPlaces } from '../overlays/version-places.js';
import { type HeldOnce, holdsAll } from '../policy/rules.js';
import type { TreeReader } from '../tree/tree-reader.js';

/**
 * What an environment held over time, where its current versions are those of its base: the history of the environment's
 * own files does not know them, and nobody can tell since when they are there.
 *
 * @param held by the history of its own files
 * @throws InvalidYaml where a file is not valid YAML; what a failed request throws
 */
export async function heldWithBase(
  tree: TreeReader,
  layout: Layout,
  held: HeldOnce,
  environment: string,
  app: string,
  now: Date,
): Promise<HeldOnce> {
  const [current, ...earlier] = held.entries;
  const { deployed, parts } = await withLayers(tree, layout, await readState(tree, layout, environment, app));
  if (current?.present !== true || deployed === undefined) {
    return held;
  }
  const files = parts.flatMap(({ overlay }) => overlay ?? []);
  const overlays = parts.flatMap(({ layered }) => layered ?? []);
  const places = deployedPlaces(files, app, overlays).map(({ place, deployed: { version, targets } }) => {
    return { place, version, targets };
  });
  const own = (place: string) => current.places?.find((each) => each.place === place) ?? current;
  const isOwn =
    places.length === 0
      ? holdsAll(current.targets, deployed.targets)
      : places.every(({ place, targets }) => holdsAll(own(place).targets, targets));
  if (isOwn) {
    return held;
  }
  const { version, targets } = deployed;
  const differ = new Set(places.map((each) => each.version)).size > 1;
  const { places: _, ...rest } = current;
  const inBase = { ...rest, at: now, version, targets, ...(differ ? { places } : {}) };
  return { ...held, entries: [inBase, ...earlier], isInBase: true };
}
