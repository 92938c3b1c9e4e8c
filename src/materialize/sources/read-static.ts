import { readdir, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { posix } from 'node:path';
import { POLICY_FILE } from '../../ops/policy/policy.js';
import { inParallel } from '../../runtime/parallel.js';
import { type Checkout, locate, named, readIn, refuseAbsent } from '../checkout.js';
import { LOCK_FILE } from '../lock/lock-file.js';
import { type ManifestObject, readObjects } from '../manifests/objects.js';
import { RECORD, readRecord } from '../manifests/record.js';

/** Folders among plain manifests that are not plain. */
export interface OtherFolders {
  /** Folders that are about to be written, from the root of the checkout. */
  outputs: readonly string[];
  /** Whether a folder is one, by the names in it. */
  is(names: readonly string[]): boolean;
  render(folder: string): Promise<ManifestObject[]>;
}

const NONE: OtherFolders = { outputs: [], is: () => false, render: async () => [] };

/** Files that say that a folder is none of manifests. */
const KINDS = [
  ['Chart.yaml', 'a chart'],
  ['component.yaml', 'a definition'],
  ['component.json', 'a definition'],
] as const;

/** A file, or a folder that is not plain. */
interface Leaf {
  path: string;
  isFolder: boolean;
}

/**
 * The objects of plain manifests: of a file, or of all files of a folder and the folders in it. Names that begin with a dot are
 * left out, and so is what was materialized before, but where it is what is asked for.
 *
 * @param path from the root of the checkout
 * @param note is told of files that are no manifests
 * @param others what becomes of folders that are not plain; all are where it is left out
 * @throws Error where there is nothing, or not all of what the commit has, a link is on the way, a file has something else than objects in it, or lies among what was
 *   materialized before
 */
export async function readStatic(
  checkout: Checkout,
  path: string,
  note: (text: string) => void,
  others = NONE,
): Promise<ManifestObject[]> {
  await refuseAbsent(checkout, path);
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
  return readObjects((await readIn(checkout, path)) ?? '', named(checkout, path));
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
  return others.is(names) ? [{ path, isFolder: true }] : leavesIn(checkout, path, names, note, others);
}

async function leavesIn(
  checkout: Checkout,
  path: string,
  names: readonly string[],
  note: (text: string) => void,
  others: OtherFolders,
): Promise<Leaf[]> {
  const kind = KINDS.find(([file]) => names.includes(file))?.[1];
  if (kind !== undefined) {
    throw new Error(
      `${named(checkout, path)} is ${kind} among plain manifests, of which nobody knows what it is rendered with. Expected it as a "source" of its own, or as a component of a definition.`,
    );
  }
  const leaves: Leaf[] = [];
  for (const name of [...names].sort()) {
    const inside = posix.join(path, name);
    if (
      [LOCK_FILE, RECORD].includes(name) ||
      inside === POLICY_FILE ||
      (await isOutput(checkout, inside, note, others))
    ) {
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

/**
 * Whether a folder holds what was materialized, now or before, and nothing else but a kustomization of that.
 *
 * @throws Error where there are manifests beside that: left out, they would be gone from what is rendered by the second run
 */
async function isOutput(
  checkout: Checkout,
  path: string,
  note: (text: string) => void,
  others: OtherFolders,
): Promise<boolean> {
  const record = posix.join(path, RECORD);
  const text = await readIn(checkout, record);
  if (text === undefined && !others.outputs.includes(path)) {
    return false;
  }
  const written = text === undefined ? new Map<string, string>() : readRecord(text, record).files;
  const place = await locate(checkout, path);
  const names = place === undefined ? [] : await readdir(place);
  const leaves = await leavesIn(checkout, path, names, () => undefined, others);
  const isOurs = (name: string) => written.has(name) || others.is([name]);
  const stranger = leaves.find((leaf) => !isOurs(posix.relative(path, leaf.path)));
  if (stranger !== undefined) {
    throw new Error(
      `${named(checkout, stranger.path)} lies in ${named(checkout, path)}, where what is rendered is written, and is none of it. Move it out of there, or write to another folder.`,
    );
  }
  if (text !== undefined) {
    note(`${named(checkout, path)} is left out: it is what was materialized before.`);
  }
  return true;
}
