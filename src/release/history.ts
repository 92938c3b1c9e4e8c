/** Commits of one span of history. */
export interface Span {
  /** Newest first: a commit comes before its parents. */
  commits: string[];
  /** Whether the older end is an ancestor of (or the same as) the newer one. */
  connected: boolean;
  /** Whether the span is what a whole clone would give: no commit of it is missing, and none is the older end's. */
  complete: boolean;
}

const FROM_TIP = 1;
const FROM_BASE = 2;

/**
 * The graph of a repository's history: commit ids and their parents. The cost of a query grows with the length of its
 * span, not of the history.
 */
export class History {
  readonly #ids: readonly string[];
  readonly #index: ReadonlyMap<string, number>;
  readonly #parents: readonly (readonly string[])[];
  readonly #boundary: ReadonlySet<string>;
  readonly #after = new Map<string, ReadonlySet<string>>();

  /**
   * @param lines each commit followed by its parents, every commit before its parents (`rev-list --topo-order --parents`)
   * @param boundary commits whose parents a shallow clone left out
   */
  constructor(lines: readonly (readonly string[])[], boundary: ReadonlySet<string> = new Set()) {
    this.#ids = lines.map(([id = '']) => id);
    this.#parents = lines.map(([, ...parents]) => parents);
    this.#index = new Map(this.#ids.map((id, index) => [id, index]));
    this.#boundary = boundary;
  }

  /** Whether all of the history is here. */
  get whole(): boolean {
    return this.#boundary.size === 0;
  }

  get size(): number {
    return this.#ids.length;
  }

  has(commit: string): boolean {
    return this.#index.has(commit);
  }

  /** Whether the commit has parents that a shallow clone left out. */
  isBoundary(commit: string): boolean {
    return this.#boundary.has(commit);
  }

  /** Known commits in the order of the history: each before its parents. */
  newestFirst(commits: Iterable<string>): string[] {
    const at = (commit: string) => this.#index.get(commit) ?? Number.POSITIVE_INFINITY;
    return [...commits].filter((commit) => this.has(commit)).sort((a, b) => at(a) - at(b));
  }

  parents(commit: string): readonly string[] {
    return this.#parents[this.#index.get(commit) ?? -1] ?? [];
  }

  /**
   * The commits reachable from `tip` and not from `base`.
   *
   * @param base `undefined` for everything reachable from `tip`
   * @param limit at most so many commits, the newest
   */
  span(tip: string, base?: string, limit = Number.POSITIVE_INFINITY): Span {
    const flags = new Map<number, number>();
    const start = this.#index.get(tip);
    if (start === undefined) {
      return { commits: [], connected: false, complete: this.whole };
    }
    const baseIndex = base === undefined ? undefined : this.#index.get(base);
    flags.set(start, FROM_TIP);
    if (baseIndex !== undefined) {
      flags.set(baseIndex, (flags.get(baseIndex) ?? 0) | FROM_BASE);
    }
    const commits: string[] = [];
    let pending = flags.get(start) === FROM_TIP ? 1 : 0;
    // Every commit comes before its parents, so its flags are final when the scan arrives at it.
    for (let at = Math.min(start, baseIndex ?? start); pending > 0 && commits.length < limit; at++) {
      const flag = flags.get(at);
      if (flag !== undefined) {
        if (flag === FROM_TIP) {
          pending--;
          commits.push(this.#ids[at] ?? '');
        }
        pending += this.#pass(at, flag, flags);
        flags.set(at, flag);
      }
    }
    return {
      commits,
      connected: baseIndex !== undefined && ((flags.get(baseIndex) ?? 0) & FROM_TIP) !== 0,
      complete: !commits.some((commit) => this.#boundary.has(commit)) && this.#isApart(commits, base),
    };
  }

  /**
   * Whether no commit of a span can be in the history of its base beyond what a shallow clone left out. One that came after
   * the base is not, and neither is one whose own history has every commit at which that of the base is cut.
   */
  #isApart(commits: readonly string[], base: string | undefined): boolean {
    const cut = this.whole || base === undefined ? [] : [...this.reach(base)].filter((one) => this.#boundary.has(one));
    if (base === undefined || cut.length === 0) {
      return true;
    }
    const later = new Set([base]);
    for (const commit of commits.toReversed()) {
      if (this.parents(commit).some((parent) => later.has(parent))) {
        later.add(commit);
      }
    }
    const aside = new Set(commits.filter((commit) => !later.has(commit)));
    const oldest = [...aside].filter((commit) => !this.parents(commit).some((parent) => aside.has(parent)));
    return oldest.length === 0 || cut.every((one) => oldest.every((commit) => this.#descendants(one).has(commit)));
  }

  /** Everything that has a commit in its history; remembered. */
  #descendants(commit: string): ReadonlySet<string> {
    const known = this.#after.get(commit);
    if (known !== undefined) {
      return known;
    }
    const found = new Set([commit]);
    for (let at = (this.#index.get(commit) ?? 0) - 1; at >= 0; at--) {
      if (this.#parents[at]?.some((parent) => found.has(parent))) {
        found.add(this.#ids[at] ?? '');
      }
    }
    this.#after.set(commit, found);
    return found;
  }

  /** Hands a commit's flags to its parents. @returns the change in the number of parents only the tip reaches */
  #pass(at: number, flag: number, flags: Map<number, number>): number {
    let change = 0;
    for (const parent of this.#parents[at] ?? []) {
      const index = this.#index.get(parent);
      if (index !== undefined) {
        const before = flags.get(index) ?? 0;
        const after = before | flag;
        change += Number(after === FROM_TIP) - Number(before === FROM_TIP);
        flags.set(index, after);
      }
    }
    return change;
  }

  /**
   * Where a commit is, seen from a tip: in its history, with all that came since; elsewhere, which is later or on another
   * branch; or it cannot be told, because a shallow clone is too short.
   */
  relation(tip: string, commit: string): 'within' | 'elsewhere' | 'unknown' {
    if (!this.has(commit)) {
      return 'unknown';
    }
    const since = this.span(tip, commit);
    if (since.connected) {
      return since.complete ? 'within' : 'unknown';
    }
    const after = this.span(commit, tip);
    return after.connected || after.complete ? 'elsewhere' : 'unknown';
  }

  /** Everything reachable from `tip`, itself included. */
  reach(tip: string): ReadonlySet<string> {
    return new Set(this.span(tip).commits);
  }

  /** The chain of first parents from `tip` on, newest first. */
  mainline(tip: string, within: ReadonlySet<string>): string[] {
    const line: string[] = [];
    for (let at: string | undefined = tip; at !== undefined && within.has(at); at = this.parents(at)[0]) {
      line.push(at);
    }
    return line;
  }
}
