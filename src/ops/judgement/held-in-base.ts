import { readState, withLayers } from '../overlays/app-state.js';
import type { Layout } from '../overlays/layout.js';
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
  const { deployed } = await withLayers(tree, layout, await readState(tree, layout, environment, app));
  if (current?.present !== true || deployed === undefined || holdsAll(current.targets, deployed.targets)) {
    return held;
  }
  const { version, targets } = deployed;
  return { ...held, entries: [{ ...current, at: now, version, targets }, ...earlier], isInBase: true };
}
