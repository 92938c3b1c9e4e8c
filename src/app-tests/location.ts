import { stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestCase } from './junit/report.js';

/** A file of the repository, with the line if it is known. */
export interface Location {
  /** Relative to its root, `/`-separated. */
  file: string;
  line: number | undefined;
}

/** Folders that paths in reports may be relative to. */
export interface Roots {
  /** Root of the checkout, absolute. */
  root: string;
  /** Folder of the app, relative to it. */
  folder: string;
}

/** `path:12` and `path:12:5`, as nearly all tools write them, and Python's `File "path", line 12`. */
const PLACES =
  /File "([^"\n]+)", line (\d+)|(?<![^\s:()"'<>|])((?:file:\/\/)?[^\s:()"'<>|]{1,400}\.[A-Za-z0-9]{1,8}):(\d{1,7})(?!\d)/g;

/** Most parts of a package's name that are tried as folders: the repository has the last ones. */
const MOST_PARTS = 12;

/** Most frames of a failure that are looked up. */
const MOST_PLACES = 40;

/**
 * Where a test failed: the first frame of its failure in the test's own file, else the first in any file of the
 * repository, else the file that the report names for the test.
 *
 * @returns `undefined` when none of them is a file of the repository
 */
export async function locate(test: TestCase, roots: Roots): Promise<Location | undefined> {
  const own = test.file === undefined ? undefined : await find(test.file, test, roots);
  const text = `${test.failure?.message ?? ''}\n${test.failure?.details ?? ''}`;
  let first: Location | undefined;
  for (const match of [...text.matchAll(PLACES)].slice(0, MOST_PLACES)) {
    const file = await find(match[1] ?? match[3] ?? '', test, roots);
    const line = Number(match[2] ?? match[4]);
    if (file !== undefined && file === own) {
      return { file, line };
    }
    first ??= file === undefined ? undefined : { file, line };
  }
  if (first !== undefined && own === undefined) {
    return first;
  }
  return own === undefined ? undefined : (first ?? { file: own, line: test.line });
}

/** The file of the repository for a path in a report, relative to its root; `undefined` when there is none. */
async function find(written: string, { suite }: TestCase, { root, folder }: Roots): Promise<string | undefined> {
  const path = written.startsWith('file://') ? fromUrl(written) : written;
  // Go gives bare file names, and the package as the class: its last parts are folders.
  const parts = suite.split('/').slice(-MOST_PARTS);
  const packages = path.includes('/') ? [] : parts.map((_part, index) => parts.slice(index).join('/'));
  for (const base of [folder, '.', ...packages.map((name) => join(folder, name))]) {
    const full = resolve(root, base, path);
    const inside = relative(root, full).split(sep);
    const foreign = inside[0] === '..' || inside.includes('node_modules') || inside.includes('.venv');
    if (!foreign && (await isFile(full))) {
      return inside.join('/');
    }
  }
  return undefined;
}

function fromUrl(url: string): string {
  try {
    return fileURLToPath(url);
  } catch {
    return '';
  }
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
