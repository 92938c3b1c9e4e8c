/**
 * The tree of a published tag, made from the working tree: what `uses: ostack/actions/<name>@v1` downloads.
 * `npm run publish:tree` commits and tags it; the local stage serves it as it is.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import * as v from 'valibot';
import { isMap, isScalar, parseDocument } from 'yaml';

/** A type only, for Jest: whatever starts the bundles of this tree depends on all that is in them. */
export type Bundled = typeof import('../main.js');

/** One file of the published tree. */
export interface PublishedFile {
  content: Buffer;
  mode: '100644' | '100755';
}

/** Further names under which an action is published. */
export const SECOND_NAMES: Readonly<Record<string, readonly string[]>> = { 'bump-ops-overlay': ['bump-overlay'] };

/** Where the project is. */
const MAIN = 'https://github.com/ostack/actions';

/** Names at the root of the published tree that no action may take. */
const TAKEN: readonly string[] = ['actions', 'dist', '.github'];

/**
 * Collects the files of the published tree: `actions/`, `dist/`, the reusable workflows (unchanged), README, license,
 * a `package.json` by which npm runs the command line from it, and a folder per action at the root whose `action.yml` points
 * to the same bundles from there.
 *
 * @param root the project's root folder, with `dist` built
 * @returns path (`/`-separated, sorted) to content and git file mode
 * @throws Error when `dist` is missing, an action names a bundle that does not exist, or two files would have the same path
 */
export async function publishedTree(root: string): Promise<Map<string, PublishedFile>> {
  const files = new Map<string, PublishedFile>();
  const add = (path: string, file: PublishedFile) => {
    if (files.has(path)) {
      throw new Error(`Two files want to be published as "${path}". Rename one of the actions.`);
    }
    files.set(path, file);
  };

  const dist = await readTree(root, 'dist');
  if (dist.size === 0) {
    throw new Error(`There is no dist in ${root}. Run "npm run build" first.`);
  }
  const actions = await readTree(root, 'actions');
  const texts = withReadme(await readFiles(root, ['README.md', 'LICENSE']));
  for (const tree of [dist, actions, await reusableWorkflows(root), texts, await packageFile(root, dist)]) {
    for (const [path, file] of tree) {
      add(path, file);
    }
  }
  for (const [path, file] of actions) {
    const [, action = '', ...rest] = path.split('/');
    for (const name of [action, ...(SECOND_NAMES[action] ?? [])]) {
      if (TAKEN.includes(name)) {
        throw new Error(`An action cannot be published as "${name}": that folder has a meaning of its own.`);
      }
      add([name, ...rest].join('/'), atRoot(path, file, dist));
    }
  }
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The file for one folder higher up; only an `action.yml` refers to other files of the tree. */
function atRoot(path: string, file: PublishedFile, dist: ReadonlyMap<string, PublishedFile>): PublishedFile {
  if (!/\/action\.ya?ml$/.test(path)) {
    return file;
  }
  return { ...file, content: Buffer.from(raiseEntries(file.content.toString('utf8'), path, dist)) };
}

/**
 * Rewrites `main`, `pre` and `post` of an action's metadata for the folder above. Only those bytes change.
 *
 * @param path where the metadata is now, to resolve and to name it in errors
 */
export function raiseEntries(text: string, path: string, dist: ReadonlyMap<string, unknown>): string {
  const document = parseDocument(text);
  const runs = document.get('runs');
  if (document.errors.length > 0 || !isMap(runs)) {
    throw new Error(`${path}: not an action's metadata: ${document.errors[0]?.message ?? 'it has no "runs"'}`);
  }
  const edits: { start: number; end: number; text: string }[] = [];
  for (const key of ['main', 'pre', 'post']) {
    const node = runs.get(key, true);
    if (!isScalar(node) || typeof node.value !== 'string' || !node.range) {
      continue;
    }
    const target = posix.join(posix.dirname(path), node.value);
    if (!dist.has(target)) {
      throw new Error(`${path}: runs.${key} is "${node.value}", and there is no ${target}. Run "npm run build".`);
    }
    edits.push({ start: node.range[0], end: node.range[1], text: posix.relative('name', target) });
  }
  return edits
    .sort((a, b) => b.start - a.start)
    .reduce((raised, edit) => raised.slice(0, edit.start) + edit.text + raised.slice(edit.end), text);
}

/** The program of the command line, and what it is called. */
const PROGRAM = 'dist/ostack.js';

const manifestSchema = v.object({
  name: v.string(),
  description: v.string(),
  license: v.string(),
  engines: v.object({ node: v.string() }),
});

/**
 * The `package.json` of the published tree: `npx --yes github:ostack/actions#v1` runs the bundle. It names no dependencies and
 * no scripts, so that npm fetches and builds nothing.
 *
 * @throws Error when there is no bundle to run
 */
async function packageFile(root: string, dist: ReadonlyMap<string, unknown>): Promise<Map<string, PublishedFile>> {
  if (!dist.has(PROGRAM)) {
    throw new Error(`There is no ${PROGRAM}. Run "npm run build".`);
  }
  const own = v.parse(manifestSchema, JSON.parse(await readFile(join(root, 'package.json'), 'utf8')));
  const { name, description, license, engines } = own;
  const published = { name, description, license, engines, bin: { ostack: PROGRAM } };
  return new Map([
    ['package.json', { content: Buffer.from(`${JSON.stringify(published, undefined, 2)}\n`), mode: '100644' }],
  ]);
}

/** The README, whose links lead to what main has: a published tree has no documents of its own. */
function withReadme(files: ReadonlyMap<string, PublishedFile>): Map<string, PublishedFile> {
  return new Map(
    [...files].map(([path, file]) =>
      path === 'README.md'
        ? [path, { ...file, content: Buffer.from(absoluteLinks(file.content.toString('utf8'))) }]
        : [path, file],
    ),
  );
}

/** Makes the links and pictures of a document at the root lead to the files of main, wherever it is read. */
export function absoluteLinks(markdown: string): string {
  return markdown
    .replace(/\]\((?!\w+:|#)([^)\s]+)\)/g, `](${MAIN}/blob/main/$1)`)
    .replace(/\b(src|srcset)="(?!\w+:)([^"]+)"/g, `$1="${MAIN}/raw/main/$2"`);
}

/** The reusable workflows; the project's own CI is not published. */
async function reusableWorkflows(root: string): Promise<Map<string, PublishedFile>> {
  const workflows = await readTree(root, '.github/workflows');
  return new Map([...workflows].filter(([, { content }]) => isReusable(content.toString('utf8'))));
}

/** Whether a workflow can be called by others (`on: workflow_call`). */
export function isReusable(workflow: string): boolean {
  return parseDocument(workflow).hasIn(['on', 'workflow_call']);
}

async function readTree(root: string, folder: string): Promise<Map<string, PublishedFile>> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true }).catch(emptyWhenMissing);
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return readFiles(
    root,
    paths.map((path) => posix.relative(root, path)),
  );
}

async function readFiles(root: string, paths: readonly string[]): Promise<Map<string, PublishedFile>> {
  const files = new Map<string, PublishedFile>();
  for (const path of paths) {
    const { mode } = await stat(join(root, path));
    files.set(path, { content: await readFile(join(root, path)), mode: (mode & 0o100) === 0 ? '100644' : '100755' });
  }
  return files;
}

function emptyWhenMissing(error: NodeJS.ErrnoException): [] {
  if (error.code === 'ENOENT') {
    return [];
  }
  throw error;
}
