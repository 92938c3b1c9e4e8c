import { mkdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { blobId } from '../ops/tree/blob-id.js';
import { type Checkout, locate, readIn } from './checkout.js';
import { type FolderRecord, isSameRecord, RECORD, readRecord, recordText } from './manifests/record.js';
import { planFiles } from './plan-files.js';

/** What writing an environment changes in its folder. Paths are in the folder. */
export interface FolderChange {
  added: string[];
  changed: string[];
  removed: string[];
  /** Files that somebody edited since they were written. */
  edited: string[];
}

/** A change that is still to be made. */
interface Plan extends FolderChange {
  before: FolderRecord;
  after: FolderRecord;
}

/**
 * Makes a folder hold the files of an environment. What it wrote before and is no more goes; what it did not write stays.
 * A run that is stopped anywhere is made whole by the next one.
 *
 * @param folder from the root of the checkout
 * @param files texts by path in the folder
 * @throws Error where something is in the way that it did not write, or a link; then nothing is written
 */
export async function writeFolder(
  checkout: Checkout,
  folder: string,
  files: ReadonlyMap<string, string>,
  dryRun: boolean,
): Promise<FolderChange> {
  const { before, after, ...change } = await planFolder(checkout, folder, files);
  const { added, changed, removed } = change;
  const root = join(checkout.root, folder);
  if (dryRun || (added.length + changed.length + removed.length === 0 && isSameRecord(before, after))) {
    return change;
  }
  await mkdir(root, { recursive: true });
  // First what is about to be there: whatever a stopped run left is then known to be ours.
  await writeFile(join(root, RECORD), recordText({ files: new Map([...after.files, ...before.files]) }));
  for (const path of [...added, ...changed]) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), files.get(path) ?? '');
  }
  for (const path of removed) {
    await rm(join(root, path), { force: true });
    // Fails, as it should, where something else is in it.
    await rmdir(dirname(join(root, path))).catch(() => undefined);
  }
  await writeFile(join(root, RECORD), recordText(after));
  return change;
}

async function planFolder(checkout: Checkout, folder: string, files: ReadonlyMap<string, string>): Promise<Plan> {
  await refuseFiles(checkout, [
    ...new Set([folder, ...[...files.keys()].map((path) => posix.join(folder, posix.dirname(path)))]),
  ]);
  const record = posix.join(folder, RECORD);
  const text = await readIn(checkout, record);
  const before = text === undefined ? { files: new Map<string, string>() } : readRecord(text, record);
  const after = new Map([...files].map(([path, content]) => [path, blobId(content)]));
  const found = new Map<string, string>();
  for (const path of new Set([...files.keys(), ...before.files.keys()])) {
    const content = await contentOf(checkout, posix.join(folder, path));
    if (content !== undefined) {
      found.set(path, blobId(content));
    }
  }
  const { inTheWay, missing: _written, ...plan } = planFiles(found, before.files, after);
  const [first] = inTheWay;
  if (first !== undefined) {
    const file = posix.join(folder, first);
    throw new Error(`${file} is there already and was not materialized. Move it away, or name another output folder.`);
  }
  return { ...plan, before, after: { files: after } };
}

/** @throws Error where a folder cannot be made, for it, or one that it is in, is a file */
async function refuseFiles(checkout: Checkout, folders: readonly string[]): Promise<void> {
  const steps = folders.flatMap((folder) =>
    folder.split('/').map((_, index, all) => all.slice(0, index + 1).join('/')),
  );
  for (const step of new Set(steps)) {
    if ((await readIn(checkout, step)) !== undefined) {
      throw new Error(`${step} is a file, and has to be a folder. Move it away, or name another output folder.`);
    }
  }
}

async function contentOf(checkout: Checkout, path: string): Promise<string | undefined> {
  const place = await locate(checkout, path);
  return place === undefined ? undefined : readFile(place, 'utf8');
}
