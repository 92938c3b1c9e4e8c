import { parseCommit } from './commit.js';
import type { ObjectStore } from './objects.js';

/** Commits that are followed here. A longer history is git's to answer. */
const MOST = 500;

/** What an argument of `git rev-list` says in a range that is followed here. */
interface Range {
  head: string;
  excluded: readonly string[];
  reverse: boolean;
  firstParent: boolean;
  merges: boolean;
}

/**
 * Short histories, followed without a process of git: a stage asks for hundreds of them, and most have a few commits. Each
 * answer is `undefined` where git has to be asked: a history is long, or its order is git's to choose.
 */
export class Ancestry {
  readonly #objects: ObjectStore;
  readonly #parents = new Map<string, readonly string[]>();
  readonly #reached = new Map<string, ReadonlySet<string>>();

  constructor(objects: ObjectStore) {
    this.#objects = objects;
  }

  /** How many commits `head` has that `base` has not, and the other way round. */
  async divergence(base: string, head: string): Promise<{ ahead: number; behind: number } | undefined> {
    const [bases, heads] = [await this.#reach(base), await this.#reach(head)];
    return bases === undefined || heads === undefined
      ? undefined
      : { ahead: without(heads, bases).length, behind: without(bases, heads).length };
  }

  /** The best common ancestor of two commits, `null` when they have none. */
  async mergeBase(a: string, b: string): Promise<string | null | undefined> {
    const [ones, others] = [await this.#reach(a), await this.#reach(b)];
    if (ones === undefined || others === undefined) {
      return undefined;
    }
    const common = [...ones].filter((oid) => others.has(oid));
    const reachable = new Set(common.flatMap((oid) => this.#parents.get(oid) ?? []));
    const best = common.filter((oid) => !reachable.has(oid));
    return best.length > 1 ? undefined : (best[0] ?? null);
  }

  /** Ids of the commits in a range of `git rev-list`, newest first, where they are one after the other. */
  async list(range: readonly string[]): Promise<readonly string[] | undefined> {
    const read = readRange(range);
    if (read === undefined || (await this.#reach(read.head)) === undefined) {
      return undefined;
    }
    const excluded = new Set<string>();
    for (const oid of read.excluded) {
      const reached = await this.#reach(oid);
      if (reached === undefined) {
        return undefined;
      }
      reached.forEach((each) => {
        excluded.add(each);
      });
    }
    const chain = this.#chain(read, excluded);
    return read.reverse ? chain?.reverse() : chain;
  }

  /** The commits from the head down. @returns `undefined` where two ways lead down */
  #chain({ head, firstParent, merges }: Range, excluded: ReadonlySet<string>): string[] | undefined {
    const chain: string[] = [];
    for (let at: string | undefined = head; at !== undefined && !excluded.has(at); ) {
      const parents: readonly string[] = this.#parents.get(at) ?? [];
      if (parents.length < 2 || merges) {
        chain.push(at);
      }
      const further: readonly string[] = firstParent
        ? parents.slice(0, 1)
        : parents.filter((each) => !excluded.has(each));
      if (further.length > 1) {
        return undefined;
      }
      at = further[0];
    }
    return chain;
  }

  /** A commit and all that it descends from. */
  async #reach(head: string): Promise<ReadonlySet<string> | undefined> {
    const known = this.#reached.get(head);
    if (known !== undefined) {
      return known;
    }
    const reached = new Set([head]);
    for (const oid of reached) {
      const parents = reached.size > MOST ? undefined : await this.#parentsOf(oid);
      if (parents === undefined) {
        return undefined;
      }
      parents.forEach((each) => {
        reached.add(each);
      });
    }
    this.#reached.set(head, reached);
    return reached;
  }

  async #parentsOf(oid: string): Promise<readonly string[] | undefined> {
    const known = this.#parents.get(oid);
    if (known !== undefined) {
      return known;
    }
    const object = await this.#objects.read(oid);
    if (object?.type !== 'commit') {
      return undefined;
    }
    const { parents } = parseCommit(oid, object.content);
    this.#parents.set(oid, parents);
    return parents;
  }
}

function readRange(range: readonly string[]): Range | undefined {
  const options = range.filter((part) => part.startsWith('--'));
  const excluded = range.filter((part) => part.startsWith('^')).map((part) => part.slice(1));
  const [head, ...more] = range.filter((part) => !/^(?:--|\^)/.test(part));
  const known = ['--topo-order', '--reverse', '--first-parent', '--no-merges'];
  const ids = [...(head === undefined ? [] : [head]), ...excluded];
  const isRead =
    more.length === 0 && options.every((each) => known.includes(each)) && ids.every((id) => /^[0-9a-f]{40}$/.test(id));
  return head === undefined || !isRead
    ? undefined
    : {
        ...{ head, excluded },
        reverse: options.includes('--reverse'),
        firstParent: options.includes('--first-parent'),
        merges: !options.includes('--no-merges'),
      };
}

function without(all: ReadonlySet<string>, others: ReadonlySet<string>): string[] {
  return [...all].filter((oid) => !others.has(oid));
}
