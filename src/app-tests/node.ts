import * as v from 'valibot';
import type { RepositoryTree } from '../apps/tree.js';

/** How each package manager installs exactly what its lockfile says, and runs a package's tests. */
const MANAGERS = {
  npm: { locks: ['package-lock.json', 'npm-shrinkwrap.json'], install: 'npm ci', test: 'npm test' },
  pnpm: { locks: ['pnpm-lock.yaml'], install: 'pnpm install --frozen-lockfile', test: 'pnpm test' },
  yarn: { locks: ['yarn.lock'], install: 'yarn install --immutable', test: 'yarn test' },
  bun: { locks: ['bun.lock', 'bun.lockb'], install: 'bun install --frozen-lockfile', test: 'bun run test' },
} as const;

type Manager = keyof typeof MANAGERS;

/** The "test" script that `npm init` writes. */
const NO_TESTS = /^echo "Error: no test specified" && exit 1$/;

const packageSchema = v.object({
  scripts: v.optional(v.object({ test: v.optional(v.string()) })),
  packageManager: v.optional(v.string()),
});

/** Dependencies to install before tests can run. */
export interface Install {
  /** Folder in the repository, `.` for its root. */
  folder: string;
  command: string;
}

/** How a package's tests run. */
export interface NodeTests {
  command: string;
  /** `undefined` when there are no dependencies, or they are installed. */
  install: Install | undefined;
}

/**
 * How the tests of a `package.json` run: with the package manager that it, or a package above it, names under
 * `packageManager`; else with the one whose lockfile is nearest; else with npm. Dependencies are installed where the
 * lockfile is, unless that folder has a `node_modules`.
 *
 * @param folder the package's folder in the repository
 * @returns `undefined` without a `package.json` that has a "test" script
 * @throws Error naming a `package.json` that cannot be read
 * @see https://nodejs.org/api/packages.html#packagemanager
 */
export async function nodeTests(tree: RepositoryTree, folder: string): Promise<NodeTests | undefined> {
  const own = await readPackage(tree, folder);
  const script = own?.scripts?.test?.trim() ?? '';
  if (script === '' || NO_TESTS.test(script)) {
    return undefined;
  }
  const above = upwards(folder);
  const named = await namedManager(tree, above);
  for (const place of above) {
    const entries = new Set((await tree.list(place))?.map(({ name }) => name));
    const manager = managersOf(named?.name).find((name) => MANAGERS[name].locks.some((lock) => entries.has(lock)));
    if (manager !== undefined) {
      const { install, test } = MANAGERS[manager];
      const classic = manager === 'yarn' && (await isClassicYarn(tree, place, named?.version));
      const command = classic ? 'yarn install --frozen-lockfile' : install;
      return { command: test, install: entries.has('node_modules') ? undefined : { folder: place, command } };
    }
  }
  return { command: MANAGERS[named?.name ?? 'npm'].test, install: undefined };
}

function managersOf(named: Manager | undefined): Manager[] {
  return named === undefined ? ['npm', 'pnpm', 'yarn', 'bun'] : [named];
}

/** The folder and all above it: `a/b` gives `a/b`, `a`, `.`. */
function upwards(folder: string): string[] {
  const parts = folder === '.' ? [] : folder.split('/');
  return [...parts.map((_part, index) => parts.slice(0, parts.length - index).join('/')), '.'];
}

async function namedManager(tree: RepositoryTree, folders: readonly string[]) {
  for (const folder of folders) {
    const [, found, version = ''] =
      /^([a-z]+)@(\S+)/.exec((await readPackage(tree, folder))?.packageManager ?? '') ?? [];
    const name = managersOf(undefined).find((manager) => manager === found);
    if (name !== undefined) {
      return { name, version };
    }
  }
  return undefined;
}

/** Whether this is Yarn 1, whose flags differ from those of later versions: by its version, else by its lockfile. */
async function isClassicYarn(tree: RepositoryTree, folder: string, version: string | undefined): Promise<boolean> {
  if (version !== undefined) {
    return version.startsWith('1.');
  }
  return !/^__metadata:/m.test((await tree.read(join(folder, 'yarn.lock'))) ?? '');
}

async function readPackage(tree: RepositoryTree, folder: string) {
  const path = join(folder, 'package.json');
  const text = await tree.read(path);
  if (text === undefined) {
    return undefined;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`${path} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const parsed = v.safeParse(packageSchema, value);
  return parsed.success ? parsed.output : undefined;
}

function join(folder: string, name: string): string {
  return folder === '.' ? name : `${folder}/${name}`;
}
