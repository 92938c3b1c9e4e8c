/** Reads repositories of the stage at a commit, straight from their bare git folders. */
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { gitEnvironment } from '../github/git/run.js';
import { runCommand } from '../spawner/spawner.js';

export interface RepositoryPlace {
  gitDir: string;
  defaultBranch: string;
}

/** Finds a repository by its full name; `undefined` when the stage has none of that name. */
export type FindRepository = (name: string) => RepositoryPlace | undefined;

export class Sources {
  readonly #exports = new Map<string, Promise<string>>();
  /** What git said of a commit: it never says anything else, and every event reads the workflows again. */
  readonly #known = new Map<string, string>();

  /** @param folder where exported trees are kept */
  constructor(
    private readonly find: FindRepository,
    private readonly folder: string,
  ) {}

  has(repository: string): boolean {
    return this.find(repository) !== undefined;
  }

  defaultBranch(repository: string): string {
    return this.#place(repository).defaultBranch;
  }

  /** The commit that a tag, a branch, a full ref or a commit id names; `undefined` when there is none. */
  async resolve(repository: string, ref: string): Promise<string | undefined> {
    const short = /^[0-9a-f]{40}$/.test(ref) ? [ref] : [`refs/tags/${ref}`, `refs/heads/${ref}`];
    const names = ref.startsWith('refs/') ? [ref] : short;
    for (const name of names) {
      const sha = await this.#git(repository, ['rev-parse', '--verify', '--quiet', `${name}^{commit}`]);
      if (sha !== undefined) {
        return sha.trim();
      }
    }
    return undefined;
  }

  /** The text of a file at a commit; `undefined` when there is no such file. */
  async read(repository: string, sha: string, path: string): Promise<string | undefined> {
    return await this.#once(repository, ['cat-file', 'blob', `${sha}:${path}`]);
  }

  /** Paths of the files directly in a folder at a commit. */
  async list(repository: string, sha: string, folder: string): Promise<string[]> {
    const text = await this.#once(repository, ['ls-tree', '-z', '--name-only', sha, '--', `${folder}/`]);
    return (text ?? '').split('\0').filter((path) => path !== '');
  }

  /** Paths that differ between two commits; `undefined` when they cannot be compared. */
  async changed(repository: string, from: string, to: string): Promise<string[] | undefined> {
    const text = await this.#git(repository, ['diff-tree', '-r', '-z', '--name-only', '--no-renames', from, to, '--']);
    return text?.split('\0').filter((path) => path !== '');
  }

  /** The best common ancestor of two commits. */
  async mergeBase(repository: string, a: string, b: string): Promise<string | undefined> {
    return (await this.#git(repository, ['merge-base', a, b]))?.trim();
  }

  /** Subject and author name of a commit. */
  async commit(repository: string, sha: string): Promise<{ message: string; author: string }> {
    const text = (await this.#once(repository, ['log', '-1', '--format=%an%n%B', sha])) ?? '\n';
    const end = text.indexOf('\n');
    return { author: text.slice(0, end), message: text.slice(end + 1).trimEnd() };
  }

  /** The whole tree of a commit in a folder, which stays until the runner closes. */
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
    const { gitDir } = this.#place(repository);
    const env = gitEnvironment({ GIT_INDEX_FILE: `${target}.index` });
    for (const args of [
      ['read-tree', sha],
      ['checkout-index', '--all', '--force'],
    ]) {
      const git = ['--git-dir', gitDir, '--work-tree', work, ...args];
      const { code, stderr } = await runCommand({ file: 'git', args: git, env, cwd: work });
      if (code !== 0) {
        throw new Error(`git ${args[0]} failed for ${sha} of ${repository}: ${stderr.toString().trim()}`);
      }
    }
    await rm(`${target}.index`, { force: true });
    await rm(target, { recursive: true, force: true });
    await rename(work, target);
    return target;
  }

  #place(repository: string): RepositoryPlace {
    const place = this.find(repository);
    if (place === undefined) {
      throw new Error(`The local stage has no repository "${repository}".`);
    }
    return place;
  }

  async #once(repository: string, args: string[]): Promise<string | undefined> {
    const key = [repository.toLowerCase(), ...args].join('\0');
    const known = this.#known.get(key) ?? (await this.#git(repository, args));
    if (known !== undefined) {
      this.#known.set(key, known);
    }
    return known;
  }

  /** What git prints; `undefined` where it says with its exit code that there is none. */
  async #git(repository: string, args: string[]): Promise<string | undefined> {
    const place = this.find(repository);
    if (place === undefined) {
      return undefined;
    }
    const command = ['--git-dir', place.gitDir, ...args];
    const { code, stdout } = await runCommand({ file: 'git', args: command, env: gitEnvironment() });
    return code === 0 ? stdout.toString('utf8') : undefined;
  }
}
