import { Ancestry } from './ancestry.js';
import { type Commit, formatCommit, parseCommit } from './commit.js';
import type { ObjectStore } from './objects.js';
import { type GitOptions, type GitResult, git } from './run.js';

/** How many commits each of two histories has that the other has not. */
export interface Divergence {
  ahead: number;
  behind: number;
}

/** One changed file between two trees. */
export interface FileChange {
  status: 'added' | 'removed' | 'modified' | 'renamed';
  path: string;
  previousPath?: string;
  additions: number;
  deletions: number;
  /** Blob id after the change, before it for a removed file. */
  oid: string;
}

/** History, merges and diffs of one bare repository, from git. Answers about commit ids never change and are cached. */
export class History {
  readonly #objects: ObjectStore;
  readonly #ancestry: Ancestry;
  readonly #divergences = new Map<string, Divergence>();
  readonly #lists = new Map<string, readonly string[]>();
  readonly #merges = new Map<string, string | null>();
  readonly #mergeBases = new Map<string, string | undefined>();
  readonly #changes = new Map<string, readonly FileChange[]>();

  constructor(objects: ObjectStore) {
    this.#objects = objects;
    this.#ancestry = new Ancestry(objects);
  }

  /**
   * Reads a commit.
   *
   * @param ref commit id, branch or tag; annotated tags are followed
   * @returns `undefined` when there is no such commit
   */
  async commit(ref: string): Promise<Commit | undefined> {
    const object = ref === '' ? undefined : await this.#objects.read(`${ref}^{commit}`);
    return object?.type === 'commit' ? parseCommit(object.oid, object.content) : undefined;
  }

  /** How many commits `head` has that `base` has not, and the other way round. */
  async divergence(base: string, head: string): Promise<Divergence> {
    const key = `${base} ${head}`;
    let divergence = this.#divergences.get(key);
    if (divergence === undefined) {
      divergence = (await this.#ancestry.divergence(base, head)) ?? (await this.#askDivergence(base, head));
      this.#divergences.set(key, divergence);
    }
    return divergence;
  }

  async #askDivergence(base: string, head: string): Promise<Divergence> {
    const { stdout } = await this.#git(['rev-list', '--left-right', '--count', `${base}...${head}`, '--']);
    const [behind = '0', ahead = '0'] = stdout.toString().trim().split('\t');
    return { ahead: Number(ahead), behind: Number(behind) };
  }

  async isAncestor(ancestor: string, descendant: string): Promise<boolean> {
    return ancestor === descendant || (await this.divergence(descendant, ancestor)).ahead === 0;
  }

  /** Id of the best common ancestor of two commits, `undefined` when they have none. */
  async mergeBase(a: string, b: string): Promise<string | undefined> {
    const key = `${a} ${b}`;
    if (!this.#mergeBases.has(key)) {
      const found = await this.#ancestry.mergeBase(a, b);
      this.#mergeBases.set(key, found === undefined ? await this.#askMergeBase(a, b) : (found ?? undefined));
    }
    return this.#mergeBases.get(key);
  }

  async #askMergeBase(a: string, b: string): Promise<string | undefined> {
    const { stdout, code } = await this.#git(['merge-base', a, b], { accept: [0, 1] });
    return code === 0 ? stdout.toString().trim() : undefined;
  }

  /** Tree id of a three-way merge of two commits, `null` when they conflict. */
  async mergeTree(ours: string, theirs: string): Promise<string | null> {
    const key = `${ours} ${theirs}`;
    let tree = this.#merges.get(key);
    if (tree === undefined) {
      const command = ['merge-tree', '--write-tree', '--no-messages', ours, theirs];
      const { stdout, code } = await this.#git(command, { accept: [0, 1] });
      tree = code === 0 ? stdout.toString().trim() : null;
      this.#merges.set(key, tree);
    }
    return tree;
  }

  /** Tree id of `commit` replayed on `onto`, as a rebase does it; `null` when that conflicts. */
  async replayTree(commit: Commit, onto: Commit): Promise<string | null> {
    // A copy of `onto` with the parent of `commit` makes that parent the base of the merge.
    const copy = await this.#objects.write('commit', formatCommit({ ...onto, parents: commit.parents.slice(0, 1) }));
    return this.mergeTree(copy, commit.oid);
  }

  /**
   * Ids of commits, newest first.
   *
   * @param range arguments of `git rev-list`: commits, `^commits`, `--first-parent`, …
   * @param paths only commits that change these files or folders; all commits without any
   */
  async list(range: string[], paths: string[] = []): Promise<readonly string[]> {
    const key = `${range.join(' ')}\0${paths.join('\0')}`;
    const known = this.#lists.get(key);
    if (known !== undefined) {
      return known;
    }
    const followed = paths.length === 0 ? await this.#ancestry.list(range) : undefined;
    if (followed !== undefined) {
      this.#lists.set(key, followed);
      return followed;
    }
    const pathspecs = paths.map((path) => `:(literal)${path}`);
    const { stdout } = await this.#git(['rev-list', ...range, '--', ...pathspecs]);
    const ids = stdout.toString().split('\n').filter(Boolean);
    if (range.every((part) => /^(?:\^?[0-9a-f]{40}|--[a-z-]+)$/.test(part))) {
      this.#lists.set(key, ids);
    }
    return ids;
  }

  /** Files that differ between two commits or trees. */
  async changes(from: string, to: string): Promise<readonly FileChange[]> {
    const key = `${from} ${to}`;
    let changes = this.#changes.get(key);
    if (changes === undefined) {
      const { stdout } = await this.#git(['diff-tree', '-r', '-z', '-M', '--raw', '--numstat', from, to]);
      changes = parseChanges(stdout.toString('utf8'));
      this.#changes.set(key, changes);
    }
    return changes;
  }

  /** Paths of files that differ between two commits or trees; a renamed file counts under both names. */
  async changedPaths(from: string, to: string): Promise<string[]> {
    const { stdout } = await this.#git(['diff-tree', '-r', '-z', '--no-renames', '--name-only', from, to]);
    return stdout.toString('utf8').split('\0').filter(Boolean);
  }

  /** The unified diff between two commits or trees. */
  async diff(from: string, to: string): Promise<string> {
    return (await this.#git(['diff-tree', '-r', '-p', '-M', from, to])).stdout.toString('utf8');
  }

  #git(args: string[], options?: GitOptions): Promise<GitResult> {
    return git(this.#objects.gitDir, args, options);
  }
}

const statusNames: Record<string, FileChange['status']> = { A: 'added', D: 'removed', R: 'renamed' };

/** Reads the NUL-separated output of `diff-tree --raw --numstat`: first all raw entries, then all counts. */
function parseChanges(text: string): FileChange[] {
  const fields = text.split('\0');
  const changes = new Map<string, FileChange>();
  for (let at = 0; at < fields.length - 1; at++) {
    const field = fields[at] ?? '';
    const raw = /^:\d+ \d+ ([0-9a-f]{40}) ([0-9a-f]{40}) ([A-Z])/.exec(field);
    if (raw !== null) {
      const [, before = '', after = '', letter = ''] = raw;
      const previousPath = fields[++at] ?? '';
      const path = letter === 'R' ? (fields[++at] ?? '') : previousPath;
      changes.set(path, {
        status: statusNames[letter] ?? 'modified',
        path,
        ...(letter === 'R' ? { previousPath } : {}),
        additions: 0,
        deletions: 0,
        oid: letter === 'D' ? before : after,
      });
      continue;
    }
    const [additions = '-', deletions = '-', path = ''] = field.split('\t');
    // A renamed file has an empty third column; its two names follow, the new one last.
    at += path === '' ? 2 : 0;
    const change = changes.get(path === '' ? (fields[at] ?? '') : path);
    if (change !== undefined) {
      change.additions = Number(additions) || 0;
      change.deletions = Number(deletions) || 0;
    }
  }
  return [...changes.values()];
}
