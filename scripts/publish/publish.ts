import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { PublishedFile } from '../../src/local/published-tree.js';
import { parentOf, tagsOf, versionOf } from './versions.js';

/** Runs git and returns its output without the last newline. */
export type Git = (args: readonly string[], env?: Record<string, string>) => Promise<string>;

export interface Publication {
  git: Git;
  tree: ReadonlyMap<string, PublishedFile>;
  /** Without a `v`: `1.2.3`. */
  version: string;
  /** Where the tags go, and whose tags count: `origin`, or `.` for this clone. */
  remote: 'origin' | '.';
  dryRun: boolean;
}

export interface Published {
  commit: string;
  /** Every tag that was set, to the commit it named before. */
  tags: Map<string, string | undefined>;
}

/** Git in one folder. Failures carry git's own words. */
export function plainGit(folder: string): Git {
  const run = promisify(execFile);
  return async (args, env = {}) => {
    const { stdout } = await run('git', [...args], {
      cwd: folder,
      env: { ...process.env, ...env },
      maxBuffer: 2 ** 26,
    });
    return stdout.replace(/\n$/, '');
  };
}

/**
 * Commits the published tree and sets its tags. The commit is made of the tree, the version, the commit it was built
 * from and the version before, and of nothing else, so that publishing the same again gives the same commit.
 *
 * @throws Error when the version is already published with another tree, the working tree is not what is committed, or
 *   a branch has the name of a tag
 */
export async function publish({ git, tree, version, remote, dryRun }: Publication): Promise<Published> {
  const changes = await git([
    'status',
    '--porcelain',
    '--',
    'actions',
    'dist',
    '.github/workflows',
    'README.md',
    'LICENSE',
    'package.json',
  ]);
  if (changes !== '') {
    throw new Error(`What would be published is not what is committed. Commit or undo first:\n${changes}`);
  }
  const refs = await readRefs(git, remote);
  const published = [...refs.tags.keys()].map(versionOf).filter((other) => other !== undefined);
  const names = tagsOf(version, published);
  const branch = names.find((name) => refs.branches.has(name));
  if (branch !== undefined) {
    throw new Error(
      `There is a branch "${branch}", and a tag of that name would be ambiguous. Delete or rename the branch.`,
    );
  }
  const commitOf = async (other: string | undefined) => {
    if (other !== undefined && remote !== '.') {
      await git(['fetch', '--quiet', '--no-tags', remote, `refs/tags/v${other}`]);
    }
    return refs.tags.get(`v${other}`);
  };
  const parent = await commitOf(parentOf(version, published));
  const already = await commitOf(published.find((other) => other === version));
  const treeId = await storeTree(git, tree);
  if (already !== undefined && (await git(['rev-parse', `${already}^{tree}`])) !== treeId) {
    throw new Error(
      `v${version} is already published as ${already}, with other content. Publish a new version instead.`,
    );
  }
  const commit = already ?? (await commitTree(git, treeId, version, parent));
  const tags = new Map(
    names.filter((name) => refs.tags.get(name) !== commit).map((name) => [name, refs.tags.get(name)]),
  );
  if (!dryRun && tags.size > 0) {
    await setTags(git, remote, commit, tags);
  }
  return { commit, tags };
}

interface Refs {
  branches: Set<string>;
  /** Tag to the commit it names. */
  tags: Map<string, string>;
}

/** Reads lines of `commit, tab, ref`; `tag^{}` is what an annotated tag names and comes after the tag itself. */
async function readRefs(git: Git, remote: string): Promise<Refs> {
  const refs: Refs = { branches: new Set(), tags: new Map() };
  for (const line of (await git(['ls-remote', '--heads', '--tags', remote])).split('\n')) {
    const [commit = '', ref = ''] = line.split('\t');
    if (ref.startsWith('refs/heads/')) {
      refs.branches.add(ref.slice('refs/heads/'.length));
    } else if (ref.startsWith('refs/tags/')) {
      refs.tags.set(ref.slice('refs/tags/'.length).replace(/\^\{\}$/, ''), commit);
    }
  }
  return refs;
}

/** Stores the files as a git tree and returns its id. The user's index and work tree are not touched. */
async function storeTree(git: Git, tree: Publication['tree']): Promise<string> {
  const scratch = await mkdtemp(join(tmpdir(), 'ostack-publish-'));
  try {
    const files = join(scratch, 'tree');
    await writeTree(files, tree);
    const index = { GIT_INDEX_FILE: join(scratch, 'index') };
    const raw = ['-c', 'core.autocrlf=false', '-c', 'core.fileMode=true', '--work-tree', files];
    await git([...raw, 'add', '--all', '--force', '--', files], index);
    return await git(['write-tree'], index);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The identity and the date are those of the commit that the tree was built from. */
async function commitTree(git: Git, tree: string, version: string, parent: string | undefined): Promise<string> {
  const log = await git(['log', '-1', '--format=%H%x00%cn%x00%ce%x00%cI', 'HEAD']);
  const [source = '', name = '', email = '', date = ''] = log.split('\0');
  const message = `oStack Actions ${version}\n\nOstack-Version: ${version}\nOstack-Source: ${source}`;
  return git(['commit-tree', tree, ...(parent === undefined ? [] : ['-p', parent]), '-m', message], {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
    GIT_COMMITTER_DATE: date,
  });
}

/** Writes files below a folder, which is made. */
export async function writeTree(folder: string, tree: Publication['tree']): Promise<void> {
  for (const [path, { content, mode }] of tree) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content, { mode: mode === '100755' ? 0o755 : 0o644 });
  }
}

/** Sets all tags or none; one that was there moves only from where it was seen. */
async function setTags(git: Git, remote: string, commit: string, tags: Published['tags']): Promise<void> {
  const leases = [...tags].map(([name, was]) => `--force-with-lease=refs/tags/${name}:${was ?? ''}`);
  const specs = [...tags.keys()].map((name) => `${commit}:refs/tags/${name}`);
  await git(['push', '--quiet', '--atomic', ...leases, remote, ...specs]);
}
