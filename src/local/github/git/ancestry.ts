import { type Commit, parseCommit } from './commit.js';
import type { ObjectStore } from './objects.js';
import { findEntry } from './tree.js';

/** Longer histories are left to git, which reads them faster. */
const LONGEST = 400;

/**
 * Walks short histories without starting a process. Every answer is `undefined` where a history is long, shallow or not
 * as simple as asked for: git has to be asked then.
 */
export class Ancestry {
  readonly #objects: ObjectStore;
  readonly #parents = new Map<string, readonly string[]>();

  constructor(objects: ObjectStore) {
    this.#objects = objects;
  }

  /** A commit by id; tags are followed. `undefined` when there is none. */
  async commit(oid: string): Promise<Commit | undefined> {
    const object = oid === '' ? undefined : await this.#objects.read(`${oid}^{commit}`);
    if (object?.type !== 'commit') {
      return undefined;
    }
    const commit = parseCommit(object.oid, object.content);
    this.#parents.set(commit.oid, commit.parents);
    return commit;
  }

  /** A commit and everything before it, by id. */
  async of(oid: string): Promise<ReadonlySet<string> | undefined> {
    const tip = await this.commit(oid);
    const found = new Set<string>(tip === undefined ? [] : [tip.oid]);
    for (const each of found) {
      const parents = await this.#parentsOf(each);
      if (parents === undefined || found.size > LONGEST) {
        return undefined;
      }
      for (const parent of parents) {
        found.add(parent);
      }
    }
    return tip === undefined ? undefined : found;
  }

  /** The one best common ancestor of two commits. */
  async mergeBase(a: string, b: string): Promise<string | undefined> {
    const [one, other] = [await this.of(a), await this.of(b)];
    if (one === undefined || other === undefined) {
      return undefined;
    }
    const best = new Set([...one].filter((oid) => other.has(oid)));
    for (const oid of [...best]) {
      for (const parent of this.#parents.get(oid) ?? []) {
        best.delete(parent);
      }
    }
    return best.size === 1 ? [...best][0] : undefined;
  }

  /**
   * Commits from one backwards, newest first, up to those that `without` has.
   *
   * @param throughMerges follows the first parent of a merge; otherwise none of the commits may be one
   */
  async line(from: string, without: string | undefined, throughMerges: boolean): Promise<string[] | undefined> {
    const tip = await this.commit(from);
    const end = without === undefined ? new Set<string>() : await this.of(without);
    const line: string[] = [];
    let next = tip?.oid;
    while (next !== undefined && end?.has(next) === false) {
      const parents = await this.#parentsOf(next);
      if (parents === undefined || (parents.length > 1 && !throughMerges) || line.length > LONGEST) {
        return undefined;
      }
      line.push(next);
      next = parents[0];
    }
    return tip === undefined || end === undefined ? undefined : line;
  }

  /** Those of a line's commits that change one of the paths, each from its only parent. */
  async touching(line: readonly string[], paths: readonly string[]): Promise<string[]> {
    const found: string[] = [];
    for (const oid of line) {
      const [parent] = (await this.#parentsOf(oid)) ?? [];
      for (const path of paths) {
        const before = parent === undefined ? undefined : await this.#entryAt(parent, path);
        if ((await this.#entryAt(oid, path)) !== before) {
          found.push(oid);
          break;
        }
      }
    }
    return found;
  }

  /** Mode and object id of what is at a path. */
  async #entryAt(oid: string, path: string): Promise<string | undefined> {
    const slash = path.lastIndexOf('/');
    const folder = await this.#objects.read(`${oid}:${path.slice(0, Math.max(slash, 0))}`);
    const entry = folder?.type === 'tree' ? findEntry(folder.content, path.slice(slash + 1)) : undefined;
    return entry === undefined ? undefined : `${entry.mode} ${entry.oid}`;
  }

  async #parentsOf(oid: string): Promise<readonly string[] | undefined> {
    return this.#parents.get(oid) ?? (await this.commit(oid))?.parents;
  }
}
