/** Reads files and commits of the stage's repositories from their bare git folders. */
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { History } from '../github/git/history.js';
import type { ObjectStore } from '../github/git/objects.js';
import type { RefStore } from '../github/git/refs.js';
import { gitEnvironment } from '../github/git/run.js';
import { isFolder, parseTree } from '../github/git/tree.js';
import { runCommand } from '../spawner/spawner.js';

export interface StageRepository {
  gitDir: string;
  defaultBranch: string;
  /** Its objects, refs and history. */
  git: { objects: ObjectStore; refs: RefStore; history: History };
  /** Paths of workflows that no event starts, as somebody disabled them; none where it is missing. */
  disabledWorkflows?: ReadonlyMap<string, string>;
}

/** Finds a repository by its full name; `undefined` when the stage has none of that name. */
export type FindRepository = (name: string) => StageRepository | undefined;

export class Sources {
  readonly #exports = new Map<string, Promise<string>>();

  /** @param folder where exported trees are kept */
  constructor(
    private readonly find: FindRepository,
    private readonly folder: string,
  ) {}

  has(repository: string): boolean {
    return this.find(repository) !== undefined;
  }

  defaultBranch(repository: string): string {
    return this.#repository(repository).defaultBranch;
  }

  isDisabled(repository: string, workflow: string): boolean {
    return this.find(repository)?.disabledWorkflows?.has(workflow) === true;
  }

  /** Commit id of a tag, a branch, a full ref or a commit id; a tag wins over a branch. `undefined` when there is none. */
  async resolve(repository: string, ref: string): Promise<string | undefined> {
    const git = this.find(repository)?.git;
    if (git === undefined) {
      return undefined;
    }
    if (/^[0-9a-f]{40}$/.test(ref)) {
      return (await git.history.commit(ref))?.oid;
    }
    for (const name of ref.startsWith('refs/') ? [ref] : [`refs/tags/${ref}`, `refs/heads/${ref}`]) {
      const oid = await git.refs.get(name);
      const commit = oid === undefined ? undefined : await git.history.commit(oid);
      if (commit !== undefined) {
        return commit.oid;
      }
    }
    return undefined;
  }

  /** The text of a file at a commit; `undefined` when there is no such file. */
  async read(repository: string, sha: string, path: string): Promise<string | undefined> {
    const object = await this.find(repository)?.git.objects.read(`${sha}:${path}`);
    return object?.type === 'blob' ? object.content.toString('utf8') : undefined;
  }

  /** Paths of the files directly in a folder at a commit. */
  async list(repository: string, sha: string, folder: string): Promise<string[]> {
    const object = await this.find(repository)?.git.objects.read(`${sha}:${folder}`);
    const entries = object?.type === 'tree' ? parseTree(object.content) : [];
    return entries.filter((entry) => !isFolder(entry)).map(({ name }) => `${folder}/${name}`);
  }

  /** Paths that differ between two commits; `undefined` when one of them does not exist. */
  async changed(repository: string, from: string, to: string): Promise<string[] | undefined> {
    const { history } = this.#repository(repository).git;
    const known = (await history.commit(from)) !== undefined && (await history.commit(to)) !== undefined;
    return known ? await history.changedPaths(from, to) : undefined;
  }

  /** The best common ancestor of two commits; `undefined` where there is none, or one of them is not known. */
  async mergeBase(repository: string, a: string, b: string): Promise<string | undefined> {
    const { history } = this.#repository(repository).git;
    const known = (await history.commit(a)) !== undefined && (await history.commit(b)) !== undefined;
    return known ? await history.mergeBase(a, b) : undefined;
  }

  /** Message and author name of a commit; both empty when it is not known. */
  async commit(repository: string, sha: string): Promise<{ message: string; author: string }> {
    const commit = await this.find(repository)?.git.history.commit(sha);
    return { author: commit?.author.name ?? '', message: commit?.message.trimEnd() ?? '' };
  }

  /** Writes the tree of a commit into a folder, once per commit. @returns the folder, which stays until the runner closes */
  async export(repository: string, sha: string): Promise<string> {
    const key = `${repository.toLowerCase()}@${sha}`;
    let exported = this.#exports.get(key);
    if (exported === undefined) {
      exported = this.#export(repository, sha);
      this.#exports.set(key, exported);
    }
    return await exported;
  }

  async #export(repository: string, sha: string): Promise<string> {
    const target = join(this.folder, repository.replace('/', '_'), sha);
    const work = `${target}.part`;
    await rm(work, { recursive: true, force: true });
    await mkdir(work, { recursive: true });
    const { gitDir } = this.#repository(repository);
    const env = gitEnvironment({ GIT_INDEX_FILE: `${target}.index` });
    const args = ['--git-dir', gitDir, '--work-tree', work, 'read-tree', '--reset', '-u', sha];
    const { code, stderr } = await runCommand({ file: 'git', args, env, cwd: work });
    if (code !== 0) {
      throw new Error(`git read-tree failed for ${sha} of ${repository}: ${stderr.toString().trim()}`);
    }
    await rm(`${target}.index`, { force: true });
    await rm(target, { recursive: true, force: true });
    await rename(work, target);
    return target;
  }

  #repository(repository: string): StageRepository {
    const found = this.find(repository);
    if (found === undefined) {
      throw new Error(`The local stage has no repository "${repository}".`);
    }
    return found;
  }
}
