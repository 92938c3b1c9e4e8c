import { readdir, readFile, stat } from 'node:fs/promises';
import { posix } from 'node:path';
import { type Checkout, locate, named } from '../checkout.js';
import { type ManifestObject, readObjects } from '../manifests/objects.js';
import { RECORD } from '../manifests/record.js';

/**
 * The objects of plain manifests: of a file, or of all files of a folder and the folders in it.
 *
 * @param path from the root of the checkout
 * @param note is told of files that are no manifests
 * @throws Error where there is nothing, a link is on the way, or a file has something else than objects in it
 */
export async function readStatic(
  checkout: Checkout,
  path: string,
  note: (text: string) => void,
): Promise<ManifestObject[]> {
  const place = await locate(checkout, path);
  if (place === undefined) {
    throw new Error(`There is no ${named(checkout, path)}. Expected a file or a folder of manifests.`);
  }
  if ((await stat(place)).isFile()) {
    const objects = readObjects(await readFile(place, 'utf8'), named(checkout, path));
    if (objects.length === 0) {
      note(`${named(checkout, path)} has no object in it.`);
    }
    return objects;
  }
  const names = await readdir(place);
  if (names.includes(RECORD)) {
    note(`${named(checkout, path)} is left out: it is what was materialized before.`);
    return [];
  }
  const objects: ManifestObject[] = [];
  for (const name of names.sort()) {
    const inside = posix.join(path, name);
    const found = await locate(checkout, inside);
    if (found !== undefined && ((await stat(found)).isDirectory() || /\.(ya?ml|json)$/.test(name))) {
      objects.push(...(await readStatic(checkout, inside, note)));
    } else {
      note(`${named(checkout, inside)} is left out: manifests end in .yaml, .yml or .json.`);
    }
  }
  return objects;
}
