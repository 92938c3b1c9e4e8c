/**
 * What `dist` was made from, and what it was then: so that a test run can tell in a few milliseconds whether the bundles
 * are those of the sources.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import * as v from 'valibot';
import { hasCode } from './errors.js';

/** Path from the project's root (`/`-separated) to a hash of the content. */
export type Hashes = Readonly<Record<string, string>>;

export interface Stamp {
  /** Everything that `dist` is made from. */
  inputs: Hashes;
  dist: Hashes;
}

const hashesSchema = v.record(v.string(), v.string());
const stampSchema = v.object({ inputs: hashesSchema, dist: hashesSchema });

/** All that the content of `dist` depends on. Of `src`, the local stage is not in it. */
const INPUTS = [
  'src',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'scripts/build.ts',
  'scripts/dist',
  'scripts/schemas.ts',
  'scripts/stubs',
] as const;
const NO_INPUT = 'src/local/';

/** Beside what other tools keep from run to run, outside of git. `npm ci` removes it. */
export const cacheFolder = (root: string) => join(root, 'node_modules', '.cache', 'ostack');
const stampFile = (root: string) => join(cacheFolder(root), 'dist.json');

/** What there is now. */
export async function takeStamp(root: string): Promise<Stamp> {
  const [inputs, dist] = await Promise.all([hashAll(root, INPUTS), hashAll(root, ['dist'])]);
  return { inputs, dist };
}

/** @returns what the last build left; `undefined` when there is none, or none that can be read */
export async function readStamp(root: string): Promise<Stamp | undefined> {
  try {
    const parsed = v.safeParse(stampSchema, JSON.parse(await readFile(stampFile(root), 'utf8')));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

export async function writeStamp(root: string, stamp: Stamp): Promise<void> {
  const file = stampFile(root);
  await mkdir(dirname(file), { recursive: true });
  const staged = `${file}.${process.pid}`;
  await writeFile(staged, JSON.stringify(stamp));
  await rename(staged, file);
}

/**
 * Whether `dist` has to be made again.
 *
 * @param then what the last build left
 * @returns why, as the rest of a sentence; `undefined` when it is what the sources make
 */
export function whyStale(then: Stamp | undefined, now: Stamp): string | undefined {
  if (then === undefined) {
    return 'nothing tells what it was made from';
  }
  const inputs = changedPaths(then.inputs, now.inputs);
  const dist = changedPaths(then.dist, now.dist);
  return inputs.length > 0 ? describe(inputs) : dist.length > 0 ? describe(dist) : undefined;
}

/** The paths whose content differs, in order, those that one side does not have included. */
export function changedPaths(then: Hashes, now: Hashes): string[] {
  return [...new Set([...Object.keys(then), ...Object.keys(now)])].filter((path) => then[path] !== now[path]).sort();
}

function describe([first = '', ...others]: readonly string[]): string {
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return `${first}${more} changed since it was built`;
}

async function hashAll(root: string, places: readonly string[]): Promise<Hashes> {
  const paths = (await Promise.all(places.map((place) => filesAt(root, place)))).flat();
  const hashed = paths
    .filter((path) => !path.startsWith(NO_INPUT))
    .sort()
    .map(async (path) => [path, hash(await readFile(join(root, path)))] as const);
  return Object.fromEntries(await Promise.all(hashed));
}

/** @returns the files in a folder, the file itself, or nothing where nothing is */
async function filesAt(root: string, place: string): Promise<string[]> {
  try {
    const entries = await readdir(join(root, place), { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    return files.map((file) => relative(root, file).split(sep).join('/'));
  } catch (error) {
    if (hasCode(error, 'ENOTDIR')) {
      return [place];
    }
    if (hasCode(error, 'ENOENT')) {
      return [];
    }
    throw error;
  }
}

function hash(content: Buffer): string {
  return createHash('sha256').update(content).digest('base64url');
}
