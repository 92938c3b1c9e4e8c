import { stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestCase } from './junit/report.js';
import { openSourceIndex, type SourceIndex } from './source-index.js';

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
  /** The app's sources, for reports that name classes; opened for this one test when not given. */
  sources?: SourceIndex;
}

/**
 * `path:12` and `path:12:5`, as nearly all tools write them, Python's `File "path", line 12`, and .NET's
 * `in path:line 12`, whose path may have spaces and, on Windows, a drive.
 */
const PLACES =
  /File "([^"\n]+)", line (\d+)|(?<![^\s:()"'<>|])((?:file:\/\/)?[^\s:()"'<>|]{1,400}\.[A-Za-z0-9]{1,8}):(\d{1,7})(?!\d)|(?<= in )([^\n]{1,400}?\.[A-Za-z]{1,8}):line (\d{1,7})/g;

/** Most parts of a package's name that are tried as folders: the repository has the last ones. */
const MOST_PARTS = 12;

/** Most frames of a failure that are looked up. */
const MOST_PLACES = 40;

/** Longest line that is looked at for a frame. */
const MOST_LINE = 1000;

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
    const file = await find(match[1] ?? match[3] ?? match[5] ?? '', test, roots);
    const line = Number(match[2] ?? match[4] ?? match[6]);
    if (file !== undefined && file === own) {
      return { file, line };
    }
    first ??= file === undefined ? undefined : { file, line };
  }
  first ??= await locateFrame(text, test, roots);
  if (first !== undefined && own === undefined) {
    return first;
  }
  return own === undefined ? undefined : (first ?? { file: own, line: test.line });
}

/** A frame of the Java virtual machine, which names a class and its file, and no path. */
interface ClassFrame {
  /** `com.acme.Shop`, without classes inside it. */
  className: string;
  file: string;
  line: number;
}

/** The first frame in the class of the test, else the first in any class of the app. */
async function locateFrame(text: string, { suite }: TestCase, { root, folder, sources }: Roots) {
  const index = sources ?? openSourceIndex(join(root, folder));
  let first: Location | undefined;
  for (const { className, file, line } of classFrames(text).slice(0, MOST_PLACES)) {
    const [path, ...others] = await index.find(file, className.slice(0, Math.max(0, className.lastIndexOf('.'))));
    if (path !== undefined && others.length === 0) {
      const at = { file: relative(root, path).split(sep).join('/'), line };
      if (className === suite.split('$')[0]) {
        return at;
      }
      first ??= at;
    }
  }
  return first;
}

/** Reads `at app//com.acme.Shop$Inner.adds two numbers(Shop.kt:12)`; a method of Kotlin may have spaces. */
function classFrames(text: string): ClassFrame[] {
  return text.split('\n').flatMap((whole) => {
    const line = whole.slice(0, MOST_LINE);
    const open = line.lastIndexOf('(');
    const [, file, number] = /^([\w$-]{1,200}\.[a-z]{1,8}):(\d{1,7})\)/.exec(line.slice(open + 1)) ?? [];
    if (open < 0 || file === undefined) {
      return [];
    }
    const [name = ''] = line
      .slice(0, open)
      .trim()
      .replace(/^at\s+/, '')
      .split(' ');
    const qualified = name.slice(name.lastIndexOf('/') + 1);
    const className = qualified.slice(0, Math.max(0, qualified.lastIndexOf('.'))).split('$')[0] ?? '';
    return className === '' ? [] : [{ className, file, line: Number(number) }];
  });
}

/** The file of the repository for a path in a report, relative to its root; `undefined` when there is none. */
async function find(written: string, { suite }: TestCase, { root, folder }: Roots): Promise<string | undefined> {
  // Builds of .NET that are the same everywhere write `/_/` for the root of the repository.
  const path = written.startsWith('file://') ? fromUrl(written) : written.replace(/^\/_\//, `${root}/`);
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
