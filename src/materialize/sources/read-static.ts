import { readdir, readFile, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { posix } from 'node:path';
import { POLICY_FILE } from '../../ops/policy/policy.js';
import { inParallel } from '../../runtime/parallel.js';
import { type Checkout, locate, named } from '../checkout.js';
import { LOCK_FILE } from '../lock/lock-file.js';
import { type ManifestObject, readObjects } from '../manifests/objects.js';
import { RECORD } from '../manifests/record.js';

/** Folders among plain manifests that are not plain. */
export interface OtherFolders {
  /** Whether a folder is one, by the names in it. */
  is(names: readonly string[]): boolean;
  render(folder: string): Promise<ManifestObject[]>;
}

const NONE: OtherFolders = { is: () => false, render: async () => [] };

/** A file, or a folder that is not plain. */
interface Leaf {
  path: string;
  isFolder: boolean;
}

/**
 * The objects of plain manifests: of a file, or of all files of a folder and the folders in it. Names that begin with a dot are
 * left out, and so are our own files.
 *
 * @param path from the root of the checkout
 * @param note is told of files that are no manifests
 * @param others what becomes of folders that are not plain; all are where it is left out
 * @throws Error where there is nothing, a link is on the way, or a file has something else than objects in it
 */
export async function readStatic(
  checkout: Checkout,
  path: string,
  note: (text: string) => void,
  others = NONE,
): Promise<ManifestObject[]> {
  const leaves = await leavesOf(checkout, path, note, others);
  const read = await inParallel(leaves, availableParallelism(), async (leaf) => {
    const objects = leaf.isFolder ? await others.render(leaf.path) : await readManifest(checkout, leaf.path);
    return [leaf, objects] as const;
  });
  for (const [leaf] of read.filter(([, objects]) => objects.length === 0)) {
    note(`${named(checkout, leaf.path)} has no object in it.`);
  }
  return read.flatMap(([, objects]) => objects);
}

async function readManifest(checkout: Checkout, path: string): Promise<ManifestObject[]> {
  return readObjects(await readFile((await locate(checkout, path)) ?? '', 'utf8'), named(checkout, path));
}

/** In the order of their paths. */
async function leavesOf(
  checkout: Checkout,
  path: string,
  note: (text: string) => void,
  others: OtherFolders,
): Promise<Leaf[]> {
  const place = await locate(checkout, path);
  if (place === undefined) {
    throw new Error(`There is no ${named(checkout, path)}. Expected a file or a folder of manifests.`);
  }
  if ((await stat(place)).isFile()) {
    return [{ path, isFolder: false }];
  }
  const names = await readdir(place);
  if (names.includes(RECORD)) {
    note(`${named(checkout, path)} is left out: it is what was materialized before.`);
    return [];
  }
  if (others.is(names)) {
    return [{ path, isFolder: true }];
  }
  const leaves: Leaf[] = [];
  for (const name of names.sort()) {
    const inside = posix.join(path, name);
    if (name === LOCK_FILE || inside === POLICY_FILE) {
      continue;
    }
    const found = name.startsWith('.') ? undefined : await locate(checkout, inside);
    if (found !== undefined && ((await stat(found)).isDirectory() || /\.(ya?ml|json)$/.test(name))) {
      leaves.push(...(await leavesOf(checkout, inside, note, others)));
    } else if (name !== '.git') {
      note(`${named(checkout, inside)} is left out: manifests end in .yaml, .yml or .json, and begin with no dot.`);
    }
  }
  return leaves;
}
