import { Ancestry } from './ancestry.js';
import { type Commit, formatCommit } from './commit.js';
import { isPlain, type ObjectStore } from './objects.js';
import { git } from './run.js';

/** How two commits stand to each other. Counts are commits. */
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

/** Options of `git rev-list` that change nothing but the direction where there is only one line of commits. */
const ORDERS = new Set(['--topo-order', '--reverse', '--no-merges', '--first-parent']);

/**
 * Questions about history and merges of one bare repository. Answers about object ids never change and are kept; the
 * easy ones are found without starting git.
 */
export class History {
  readonly #objects: ObjectStore;
  readonly #ancestry: Ancestry;
  readonly #divergences = new Map<string, Divergence>();
  readonly #lists = new Map<string, readonly string[]>();
  readonly #merges = new Map<string, string | null>();

  constructor(objects: ObjectStore) {
    this.#objects = objects;
    this.#ancestry = new Ancestry(objects);
  }

  /** A commit by id; tags are followed. `undefined` when there is none. */
  commit(oid: string): Promise<Commit | undefined> {
    return this.#ancestry.commit(oid);
  }

  /** How many commits `head` has that `base` has not, and the other way round. */
  async divergence(base: string, head: string): Promise<Divergence> {
    const key = `${base} ${head}`;
    const known = this.#divergences.get(key);
    if (known !== undefined) {
      return known;
    }
    const answer = (await this.#countShort(base, head)) ?? (await this.#count(base, head));
    this.#divergences.set(key, answer);
    return answer;
  }

  async #countShort(base: string, head: string): Promise<Divergence | undefined> {
    const [before, after] = [await this.#ancestry.of(base), await this.#ancestry.of(head)];
    if (before === undefined || after === undefined) {
      return undefined;
    }
    const shared = [...after].filter((oid) => before.has(oid)).length;
    return { ahead: after.size - shared, behind: before.size - shared };
  }

  async #count(base: string, head: string): Promise<Divergence> {
    const { stdout } = await git(this.#objects.gitDir, [
      'rev-list',
      '--left-right',
      '--count',
      `${base}...${head}`,
      '--',
    ]);
    const [behind = '0', ahead = '0'] = stdout.toString().trim().split('\t');
    return { ahead: Number(ahead), behind: Number(behind) };
  }

  async isAncestor(ancestor: string, descendant: string): Promise<boolean> {
    return ancestor === descendant || (await this.divergence(descendant, ancestor)).ahead === 0;
  }

  /** Best common ancestor, `undefined` when there is none. */
  async mergeBase(a: string, b: string): Promise<string | undefined> {
    const near = await this.#ancestry.mergeBase(a, b);
    if (near !== undefined) {
      return near;
    }
    const { stdout, code } = await git(this.#objects.gitDir, ['merge-base', a, b], { accept: [0, 1] });
    return code === 0 ? stdout.toString().trim() : undefined;
  }

  /** Tree of a real three-way merge, `null` when the two conflict. */
  async mergeTree(ours: string, theirs: string): Promise<string | null> {
    const key = `${ours} ${theirs}`;
    const known = this.#merges.get(key);
    if (known !== undefined) {
      return known;
    }
    const tree = await this.#merge(ours, theirs);
    this.#merges.set(key, tree);
    return tree;
  }

  async #merge(ours: string, theirs: string): Promise<string | null> {
    const { stdout, code } = await git(
      this.#objects.gitDir,
      ['merge-tree', '--write-tree', '--no-messages', ours, theirs],
      {
        accept: [0, 1],
      },
    );
    return code === 0 ? stdout.toString().trim() : null;
  }

  /** Tree of `commit` replayed on `onto`, `null` when that conflicts. */
  async replayTree(commit: Commit, onto: Commit): Promise<string | null> {
    // A stand-in for `onto` whose parent is the commit's own parent makes that parent the base of the merge.
    const standIn = await this.#objects.write('commit', formatCommit({ ...onto, parents: commit.parents.slice(0, 1) }));
    return this.mergeTree(standIn, commit.oid);
  }

  /**
   * Ids of commits, newest first.
   *
   * @param range arguments of `git rev-list`: commits, `^commits`, `--first-parent`, …
   * @param paths only commits that touch these
   */
  async list(range: string[], paths: string[] = []): Promise<readonly string[]> {
    const key = `${range.join(' ')}\0${paths.join('\0')}`;
    const lasting = range.every((part) => /^(?:\^?[0-9a-f]{40}|--[a-z-]+)$/.test(part));
    const known = lasting ? this.#lists.get(key) : undefined;
    if (known !== undefined) {
      return known;
    }
    const ids = (lasting ? await this.#listLine(range, paths) : undefined) ?? (await this.#list(range, paths));
    if (lasting) {
      this.#lists.set(key, ids);
    }
    return ids;
  }

  /** A range of two ends without merges in it is the same in every order. */
  async #listLine(range: string[], paths: string[]): Promise<string[] | undefined> {
    const options = range.filter((part) => part.startsWith('--'));
    const [from, ...more] = range.filter((part) => /^[0-9a-f]/.test(part));
    const [without, ...others] = range.filter((part) => part.startsWith('^'));
    const easy = options.every((option) => ORDERS.has(option)) && more.length === 0 && others.length === 0;
    if (!easy || from === undefined || !paths.every((path) => path !== '' && isPlain(path))) {
      return undefined;
    }
    const throughMerges = options.includes('--first-parent') && !options.includes('--no-merges') && paths.length === 0;
    const line = await this.#ancestry.line(from, without?.slice(1), throughMerges);
    const found = line === undefined || paths.length === 0 ? line : await this.#ancestry.touching(line, paths);
    return options.includes('--reverse') ? found?.reverse() : found;
  }

  async #list(range: string[], paths: string[]): Promise<string[]> {
    const pathspecs = paths.map((path) => `:(literal)${path}`);
    const { stdout } = await git(this.#objects.gitDir, ['rev-list', ...range, '--', ...pathspecs]);
    return stdout.toString().split('\n').filter(Boolean);
  }

  /** Files that differ between two commits or trees. */
  async changes(from: string, to: string): Promise<FileChange[]> {
    const raw = await git(this.#objects.gitDir, ['diff-tree', '-r', '-z', '-M', '--raw', '--numstat', from, to]);
    return parseChanges(raw.stdout.toString('utf8'));
  }

  /** The unified diff between two commits or trees. */
  async diff(from: string, to: string): Promise<string> {
    return (await git(this.#objects.gitDir, ['diff-tree', '-r', '-p', '-M', from, to])).stdout.toString('utf8');
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
