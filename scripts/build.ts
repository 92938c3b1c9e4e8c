/**
 * Builds `dist`: an entry of one line for each action and for the command line, `index.js` which they all start, and minified
 * files (`<number>.index.js`, and `shared.index.js`) of what each of them loads, so that none loads what is another's.
 * Everything is made beside `dist` and moved in at the end, so a failed build never leaves half a `dist`.
 * `--check` compares instead, and fails when `dist` is not what the sources make. `--if-stale` does nothing when it is.
 * Either way what `dist` was made from is written down (`dist/stamp.ts`), so that tests know whether to build.
 */
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { transform } from 'esbuild';
import { hasCode } from './dist/errors.js';
import { alone } from './dist/lock.js';
import { shake } from './dist/shake.js';
import { share } from './dist/share.js';
import { cacheFolder, changedPaths, readStamp, type Stamp, takeStamp, whyStale, writeStamp } from './dist/stamp.js';
import { runTool } from './dist/tool.js';
import { writeSchemas } from './schemas.js';

const root = join(import.meta.dirname, '..');

/**
 * The most that `dist` may weigh, packed: every job of every user downloads it so, with some 30 kB of actions and workflows.
 * What it weighs unpacked nobody waits for: an action reads a part of it.
 */
const LIMIT_BYTES = 775_000;

/** `dockerfile-ast` names places in a file by the types of an editor's protocol, of which it uses two. */
const ALIASES = {
  'vscode-languageserver-types': join(root, 'scripts', 'stubs', 'language-server-types', 'index.js'),
};

/** Builds into `build/`, hands the new `dist` to `use`, and removes what is left of it. */
async function build(use: (staged: string) => Promise<void>): Promise<void> {
  await mkdir(join(root, 'build'), { recursive: true });
  const work = await mkdtemp(join(root, 'build', 'dist-'));
  try {
    const bin = (name: string) => join(root, 'node_modules', '.bin', name);
    await runTool(bin('tsc'), ['--project', 'tsconfig.build.json', '--outDir', join(work, 'js')], root);
    const shaken = join(work, 'shaken');
    await shake(join(work, 'js'), shaken, ALIASES);
    await writeFile(join(shaken, 'package.json'), '{ "type": "module" }\n');
    await writeCommonEntry(join(shaken, 'entry'));
    const staged = join(work, 'dist');
    // ncc names modules by their path from where it runs: from inside, so that the folder's random name has no effect.
    // For ES5 it puts modules into function expressions in parentheses, which V8 compiles as it reads them. Arrow functions
    // it reads once to skip them and again when they are called: that is a quarter of the time an action takes to start.
    const ncc = ['build', 'entry/index.js', '--out', staged, '--target', 'es5', '--quiet'];
    await runTool(bin('ncc'), ncc, shaken);
    // What ncc thinks the entry loads as a file of its own; nothing does.
    await rm(join(staged, 'shaken'), { recursive: true, force: true });
    await writeFile(join(staged, 'package.json'), '{ "type": "commonjs" }\n');
    await share(staged);
    await minifyEntry(staged);
    for (const name of await actionNames()) {
      await writeFile(join(staged, `${name}.js`), `require('./index.js').start('${name}');\n`);
    }
    await writeFile(join(staged, 'ostack.js'), "#!/usr/bin/env node\nrequire('./index.js').startCli();\n", {
      mode: 0o755,
    });
    await writeSchemas(staged);
    await use(staged);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/**
 * An entry in the old format makes ncc write files that `require` each other. Node.js loads the dozen files of an action
 * a fifth faster so than as ES modules.
 */
async function writeCommonEntry(folder: string): Promise<void> {
  await mkdir(folder);
  await writeFile(join(folder, 'package.json'), '{ "type": "commonjs" }\n');
  await writeFile(join(folder, 'index.js'), "module.exports = require('../main.js');\n");
}

/** The folders of `src/actions` that hold an action; files and folders beside them are what several actions share. */
async function actionNames(): Promise<string[]> {
  const entries = await readdir(join(root, 'src', 'actions'), { recursive: true });
  return entries.filter((path) => basename(path) === 'main.ts').map(dirname);
}

/** By another's hand than ncc's own, which takes the parentheses away. The other files `share` has made short. */
async function minifyEntry(folder: string): Promise<void> {
  const path = join(folder, 'index.js');
  const { code } = await transform(await readFile(path, 'utf8'), { minify: true, target: 'node20' });
  await writeFile(path, code);
}

/** Leaves a `dist` that is the same alone: somebody may be running it. */
async function replaceDist(staged: string): Promise<void> {
  const [made, kept] = await Promise.all([readFolder(staged), readFolder(join(root, 'dist'))]);
  if (differences(made, kept).length === 0) {
    return;
  }
  const dist = join(root, 'dist');
  // Moved, not removed, so that it is missing for no longer than it takes to rename a folder.
  if (kept.size > 0) {
    await rename(dist, `${staged}-before`);
  }
  await rm(dist, { recursive: true, force: true });
  await rename(staged, dist);
}

/** `--check`: fails when `dist` is not what the sources make, or too big. */
async function compareDist(staged: string): Promise<void> {
  const [made, kept] = await Promise.all([readFolder(staged), readFolder(join(root, 'dist'))]);
  const stale = differences(made, kept);
  if (stale.length > 0) {
    throw new Error(
      `dist does not match the sources. Run "npm run build" and commit it. Different: ${stale.join(', ')}`,
    );
  }
  const bytes = gzipSync(
    Buffer.concat([...made].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, content]) => content)),
  ).length;
  const size = `${(bytes / 1e3).toFixed(0)} kB packed of at most ${LIMIT_BYTES / 1e3}`;
  if (bytes > LIMIT_BYTES) {
    throw new Error(`dist is too big: ${size}.`);
  }
  console.log(`dist matches the sources: ${made.size} files, ${size}`);
}

function differences(made: ReadonlyMap<string, Buffer>, kept: ReadonlyMap<string, Buffer>): string[] {
  return [...new Set([...made.keys(), ...kept.keys()])]
    .filter((path) => made.get(path)?.equals(kept.get(path) ?? Buffer.from('missing')) !== true)
    .sort();
}

/** @returns nothing for a folder that is not there */
async function readFolder(folder: string): Promise<Map<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) {
      return [];
    }
    throw error;
  });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(await Promise.all(paths.map(async (path) => [relative(folder, path), await readFile(path)] as const)));
}

/** Builds, and writes down what from; but not when somebody has edited a source meanwhile. */
async function buildAndStamp({ inputs }: Stamp, use: (staged: string) => Promise<void>): Promise<boolean> {
  await build(use);
  const after = await takeStamp(root);
  const settled = changedPaths(inputs, after.inputs).length === 0;
  if (settled) {
    await writeStamp(root, after);
  }
  return settled;
}

/** `--if-stale`: says on one line what it does and how long it took. */
async function buildIfStale(): Promise<void> {
  const now = await takeStamp(root);
  const why = whyStale(await readStamp(root), now);
  if (why === undefined) {
    return;
  }
  process.stderr.write(`Building dist (${why}) … `);
  const start = performance.now();
  const settled = await buildAndStamp(now, replaceDist);
  const { dist } = await takeStamp(root);
  const seconds = `${((performance.now() - start) / 1000).toFixed(1)} s`;
  const changed = changedPaths(now.dist, dist).length > 0;
  process.stderr.write(`${changed ? 'done' : 'it is what it was'}, in ${seconds}\n`);
  if (!settled) {
    await buildIfStale();
  }
}

async function main(): Promise<void> {
  const [option] = process.argv.slice(2);
  if (option === '--if-stale') {
    await buildIfStale();
  } else {
    await buildAndStamp(await takeStamp(root), option === '--check' ? compareDist : replaceDist);
  }
}

try {
  await alone(join(cacheFolder(root), 'dist.lock'), main);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
