import { readdir, readFile, readlink, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { formatCommit } from './commit.js';
import { initBareRepository, setHead } from './init.js';
import { ObjectStore } from './objects.js';
import { RefStore } from './refs.js';
import { git } from './run.js';
import { editTree, type TreeEdit } from './tree.js';

/** First content of a repository: files, a folder (with its history if it is a git work tree), or a git repository. */
export type Seed = { folder: string } | { files: Record<string, string> } | { git: string };

interface SeedFile {
  path: string;
  mode: string;
  content: Buffer;
}

/** Settings of a new repository. */
export interface NewRepository {
  seed: Seed | undefined;
  /** Without `refs/heads/`; a git seed has its own. */
  defaultBranch: string;
  /** Folder of the hooks that check pushes. */
  hooksDir: string;
  /** Time of the first commit; a git seed has its own commits. */
  now: Date;
}

/** A new repository. */
export interface Created {
  defaultBranch: string;
  objects: ObjectStore;
  refs: RefStore;
}

/**
 * Makes a bare repository with the content of a seed.
 *
 * @param gitDir a folder that does not exist yet
 */
export async function createBareRepository(
  gitDir: string,
  { seed, defaultBranch, hooksDir, now }: NewRepository,
): Promise<Created> {
  await initBareRepository(gitDir, defaultBranch, hooksDir);
  const objects = new ObjectStore(gitDir);
  const refs = new RefStore(objects);
  const source = seed === undefined ? undefined : await gitSource(seed);
  if (source !== undefined) {
    return { defaultBranch: await copyHistory(objects.gitDir, source), objects, refs };
  }
  if (seed !== undefined) {
    const commit = await commitFiles(objects, await seedFiles(seed), now);
    await refs.update([{ name: `refs/heads/${defaultBranch}`, from: null, to: commit }]);
  }
  return { defaultBranch, objects, refs };
}

async function gitSource(seed: Seed): Promise<string | undefined> {
  if ('git' in seed) {
    return seed.git;
  }
  const inside = 'folder' in seed && (await stat(join(seed.folder, '.git')).catch(() => undefined)) !== undefined;
  return inside ? seed.folder : undefined;
}

async function copyHistory(gitDir: string, source: string): Promise<string> {
  await git(gitDir, [
    '-c',
    'safe.directory=*',
    'fetch',
    '--quiet',
    '--no-write-fetch-head',
    '--update-shallow',
    source,
    '+refs/heads/*:refs/heads/*',
    '+refs/tags/*:refs/tags/*',
  ]);
  const { stdout } = await git(gitDir, ['-c', 'safe.directory=*', 'ls-remote', '--symref', source, 'HEAD']);
  const head = /^ref: refs\/heads\/(\S+)\tHEAD/m.exec(stdout.toString())?.[1] ?? 'main';
  await setHead(gitDir, head);
  return head;
}

async function seedFiles(seed: Seed): Promise<SeedFile[]> {
  if ('folder' in seed) {
    return readFolder(seed.folder);
  }
  const files = 'files' in seed ? seed.files : {};
  return Object.entries(files).map(([path, text]) => ({ path, mode: '100644', content: Buffer.from(text) }));
}

async function readFolder(folder: string, prefix = ''): Promise<SeedFile[]> {
  const files: SeedFile[] = [];
  for (const entry of await readdir(join(folder, prefix), { withFileTypes: true })) {
    const path = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
    const full = join(folder, path);
    if (entry.isDirectory()) {
      files.push(...(entry.name === '.git' ? [] : await readFolder(folder, path)));
    } else if (entry.isSymbolicLink()) {
      files.push({ path, mode: '120000', content: Buffer.from(await readlink(full)) });
    } else if (entry.isFile()) {
      const executable = ((await stat(full)).mode & 0o100) !== 0;
      files.push({ path, mode: executable ? '100755' : '100644', content: await readFile(full) });
    }
  }
  return files;
}

/** @returns the id of a first commit that holds the files */
async function commitFiles(objects: ObjectStore, files: readonly SeedFile[], now: Date): Promise<string> {
  const edits = new Map<string, TreeEdit>();
  for (const { path, mode, content } of files) {
    edits.set(path, { oid: await objects.write('blob', content), mode });
  }
  const tree = (await editTree(objects, undefined, edits)) ?? (await objects.write('tree', ''));
  const stage = { name: 'Stage', email: 'stage@localhost', date: now, offset: 0 };
  const commit = { tree, parents: [], author: stage, committer: stage, message: 'Initial commit' };
  return objects.write('commit', formatCommit(commit));
}
