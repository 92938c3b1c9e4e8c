import { outsideCarriers } from '../overlays/carrier-files.js';
import { isFile, type Layout } from '../overlays/layout.js';
import { overlayOfPath } from '../overlays/overlay-path.js';
import type { CarrierPolicy } from '../policy/carrier-policy.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { expandAnyName } from './any-name.js';

/** Files that a `*` may stand for. */
const MOST_FILES = 40;

/**
 * A layout with the values that the policy says carry versions. A `*` outside of the overlays becomes the names that there
 * are: one request for each level.
 *
 * @throws Error with the line of the policy where a file is of no environment, or a `*` stands for too many
 */
export async function withCarriers(
  tree: TreeReader,
  layout: Layout,
  carriers: readonly CarrierPolicy[],
): Promise<Layout> {
  const known = { ...layout, carriers };
  const outside = new Set(outsideCarriers(known));
  const lists = await Promise.all(
    carriers.map(async (carrier) => {
      const { file, where } = carrier;
      if (!outside.has(carrier)) {
        checkInside(layout, carrier);
        return [carrier];
      }
      if (!isFile(file)) {
        throw new Error(`${where}: ${file} is in no overlay, and such a file has to end in .yaml, .yml or .json.`);
      }
      const files = await expandAnyName(tree, file, layout);
      if (files.length > MOST_FILES) {
        throw new Error(`${where}: ${file} stands for ${files.length} files. Write {app} where the app's name is.`);
      }
      return files.map((each) => ({ ...carrier, file: each }));
    }),
  );
  return { ...layout, carriers: lists.flat() };
}

/** A file that is called after no environment has to be in the overlay of one. */
function checkInside(layout: Layout, { file, where }: CarrierPolicy): void {
  if (!file.includes('{environment}') && overlayOfPath(layout, file) === undefined) {
    throw new Error(
      `${where}: ${file} is in no overlay, so that nobody knows which environment it is for. Write {environment} where its ` +
        'name is in the path.',
    );
  }
}
