import * as v from 'valibot';
import type { RepositoryTree, TreeEntry } from '../apps/tree.js';
import type { Install } from './node.js';

/** An app's folder, as a toolchain looks at it. */
export interface AppFolder {
  tree: RepositoryTree;
  /** In the repository, `.` for its root. */
  path: string;
  entries: readonly TreeEntry[];
}

/** How a toolchain runs the tests of a folder. */
export interface ToolchainTests {
  command: string;
  /** The file in the folder that says so. */
  file: string;
  install: Install | undefined;
}

/** Tells whether a folder is one of its own, and how its tests run. Another toolchain is an entry in `TOOLCHAINS`. */
export type Toolchain = (folder: AppFolder) => Promise<ToolchainTests | undefined> | ToolchainTests | undefined;

const rust: Toolchain = (folder) => found(folder, ['Cargo.toml'], 'cargo test');

const maven: Toolchain = async (folder) => {
  const wrapper = await upwards(folder, 'mvnw');
  return found(folder, ['pom.xml'], `${wrapper === undefined ? 'mvn' : quoted(wrapper)} --batch-mode test`);
};

const GRADLE = ['build.gradle.kts', 'build.gradle', 'settings.gradle.kts', 'settings.gradle'];

const gradle: Toolchain = async (folder) => {
  const wrapper = await upwards(folder, 'gradlew');
  return found(folder, GRADLE, `${wrapper === undefined ? 'gradle' : quoted(wrapper)} test`);
};

/** `dotnet test` wants to be told which of several solutions or projects it is about; more than one is nobody's guess. */
const dotnet: Toolchain = ({ entries }) => {
  const named = (pattern: RegExp) => entries.filter(({ name, kind }) => kind === 'file' && pattern.test(name));
  const solutions = named(/\.slnx?$/);
  const [only, ...others] = solutions.length > 0 ? solutions : named(/\.(?:cs|fs|vb)proj$/);
  return only === undefined || others.length > 0
    ? undefined
    : { command: `dotnet test ${quoted(only.name)}`, file: only.name, install: undefined };
};

/** RSpec where there are specs, else Rake or Rails where there are tests. */
const ruby: Toolchain = async (folder) => {
  const gems = has(folder, 'Gemfile') ? folder.path : undefined;
  const run = gems === undefined ? '' : 'bundle exec ';
  const tests = has(folder, 'spec', 'folder')
    ? found(folder, ['.rspec', 'Gemfile', 'Rakefile'], `${run}rspec`)
    : has(folder, 'test', 'folder') || (await hasRakeTask(folder))
      ? found(folder, ['Rakefile'], `${run}${(await isRails(folder)) ? 'rails' : 'rake'} test`)
      : undefined;
  return tests && { ...tests, install: gems === undefined ? undefined : { folder: gems, command: BUNDLE } };
};

/** Installs gems where they are not there yet: an earlier step may have, in a place of its own. */
const BUNDLE = 'bundle check || bundle install';

async function hasRakeTask({ tree, path }: AppFolder): Promise<boolean> {
  const rakefile = (await tree.read(at(path, 'Rakefile'))) ?? '';
  return /\b(?:Rake::TestTask|Minitest::TestTask)\b|^[ \t]*task[ \t(]+:?["']?test\b/m.test(rakefile);
}

function isRails(folder: AppFolder): Promise<boolean> {
  return folder.tree
    .list(at(folder.path, 'bin'))
    .then((entries) => entries?.some(({ name }) => name === 'rails') === true);
}

const composerSchema = v.object({
  scripts: v.optional(v.object({ test: v.optional(v.union([v.string(), v.array(v.string())])) })),
});

/** The script "test" of composer, else PHPUnit where it is configured. */
const php: Toolchain = async (folder) => {
  const text = await folder.tree.read(at(folder.path, 'composer.json'));
  const composer = text === undefined ? undefined : v.safeParse(composerSchema, parsed(text));
  const install =
    text === undefined || has(folder, 'vendor', 'folder')
      ? undefined
      : { folder: folder.path, command: 'composer install --no-interaction' };
  const tests =
    composer?.success === true && composer.output.scripts?.test !== undefined
      ? found(folder, ['composer.json'], 'composer test')
      : found(
          folder,
          ['phpunit.xml', 'phpunit.xml.dist', 'phpunit.dist.xml'],
          text === undefined ? 'phpunit' : 'vendor/bin/phpunit',
        );
  return tests && { ...tests, install };
};

/** A text as JSON, `undefined` where it is none: composer itself says what is wrong with it. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const TOOLCHAINS: readonly Toolchain[] = [rust, maven, gradle, dotnet, ruby, php];

/** How the first toolchain that knows the folder runs its tests; `undefined` when none does. */
export async function toolchainTests(folder: AppFolder): Promise<ToolchainTests | undefined> {
  for (const toolchain of TOOLCHAINS) {
    const tests = await toolchain(folder);
    if (tests !== undefined) {
      return tests;
    }
  }
  return undefined;
}

function found(folder: AppFolder, files: readonly string[], command: string): ToolchainTests | undefined {
  const file = files.find((name) => has(folder, name));
  return file === undefined ? undefined : { command, file, install: undefined };
}

function has({ entries }: AppFolder, name: string, kind: TreeEntry['kind'] = 'file'): boolean {
  return entries.some((entry) => entry.name === name && entry.kind === kind);
}

/** The way from the folder to a file in it or above it, `./mvnw` or `../../mvnw`: wrappers stand where the build begins. */
async function upwards({ tree, path }: AppFolder, name: string): Promise<string | undefined> {
  const parts = path === '.' ? [] : path.split('/');
  for (let up = 0; up <= parts.length; up++) {
    const entries = await tree.list(parts.slice(0, parts.length - up).join('/') || '.');
    if (entries?.some((entry) => entry.name === name && entry.kind === 'file') === true) {
      return up === 0 ? `./${name}` : `${'../'.repeat(up)}${name}`;
    }
  }
  return undefined;
}

/** A path for bash. */
function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}

function at(folder: string, name: string): string {
  return folder === '.' ? name : `${folder}/${name}`;
}
