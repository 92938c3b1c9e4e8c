import type { Push } from '../../ledger/read-pushes.js';

/** A commit of a branch, as GitHub tells it. */
export interface ChainCommit {
  oid: string;
  /** The commit that the branch had before; `undefined` for the very first. */
  parent: string | undefined;
  message: string;
  committedAt: Date;
  /** Login, or the name in the commit where GitHub knows no account: a claim of whoever made it. */
  author: string;
  /** Pull requests into the branch that were merged and that have it. */
  pulls: readonly MergedInto[];
}

/** A merged pull request, and the commit that its merge ended in. */
export interface MergedInto {
  number: number;
  mergedAt: Date;
  mergeCommit: string;
}

/** What reached a branch at once: it is judged as one change. */
export interface Arrival {
  /** Its last commit. */
  head: string;
  /** What the branch had before. */
  base: string;
  /** Messages of its commits on the branch, oldest first. */
  messages: readonly string[];
  /** Number of the pull request that brought it; `undefined` where none did. */
  pull: number | undefined;
  at: Date;
  /** Login of who pushed it; a claim of the commit, in words, where GitHub does not say. */
  pushedBy: string;
  /** The push that took commits away which the branch had; `undefined` where none did. */
  forced: number | undefined;
}

/**
 * What reached the branch, oldest first. The commits of one pull request are one arrival, and so are those of one push
 * that no pull request brought: nothing ever ran what lies between them. A commit that was pushed beside the merge of a pull request
 * is none of it.
 *
 * @param chain first parents, newest first, without a gap
 * @param pushes moves of the branch, in any order
 */
export function arrivalsOf(chain: readonly ChainCommit[], pushes: readonly Push[]): Arrival[] {
  const byEnd = new Map(pushes.map((push) => [push.after, push]));
  const groups: Group[] = [];
  let push: Push | undefined;
  for (const commit of chain) {
    push = byEnd.get(commit.oid) ?? (push?.before === commit.oid ? undefined : push);
    const pull = pullEndingAt(commit);
    const last = groups.at(-1);
    if (last === undefined || pull !== undefined || byEnd.has(commit.oid) || !isPartOf(commit, last, push)) {
      groups.push({ commits: [commit], pull, push });
    } else {
      last.commits.push(commit);
    }
  }
  return timed(groups.reverse());
}

/**
 * The commits that arrived after a time, by what GitHub says of merges and pushes: whatever date a commit claims, it arrived after
 * those below it.
 *
 * @param chain first parents, newest first, without a gap
 * @returns newest first; of commits of which GitHub says nothing those that lie above one that it knows
 */
export function arrivedSince(chain: readonly ChainCommit[], pushes: readonly Push[], since: Date): ChainCommit[] {
  const byEnd = new Map(pushes.map((push) => [push.after, push]));
  let count = 0;
  let last: { pull: MergedInto | undefined; push: Push | undefined } | undefined;
  for (const [index, commit] of chain.entries()) {
    const [pull, push] = [pullEndingAt(commit), byEnd.get(commit.oid)];
    const at = pull?.mergedAt ?? push?.at;
    if (at !== undefined && at <= since) {
      return chain.slice(0, index);
    }
    const isOfLast = last?.pull === undefined ? last?.push !== undefined : isOfPull(commit, last.pull);
    if (at !== undefined) {
      [count, last] = [index + 1, { pull, push }];
    } else if (last !== undefined && isOfLast && last.push?.before !== commit.oid && count === index) {
      count = index + 1;
    }
  }
  return chain.slice(0, count);
}

function isOfPull({ pulls }: ChainCommit, { number }: MergedInto): boolean {
  return pulls.some((pull) => pull.number === number);
}

/** A push that took commits away from the branch: what it made of the files is judged as one change. */
export function forcedArrival({ id, before, after, at, actor }: Omit<Push, 'isForced'>): Arrival {
  const pushedBy = actor ?? GONE;
  return { ...{ head: after, base: before, at, pushedBy }, messages: [], pull: undefined, forced: id };
}

const GONE = 'an account that is gone';

/** Commits that arrived together, newest first. */
interface Group {
  commits: ChainCommit[];
  pull: MergedInto | undefined;
  push: Push | undefined;
}

function isPartOf(commit: ChainCommit, { pull, push: own }: Group, push: Push | undefined): boolean {
  return pull === undefined ? push !== undefined && push === own : isOfPull(commit, pull);
}

/** The pull request whose merge ended in a commit: of several, which a push of that commit had closed, the oldest. */
function pullEndingAt({ oid, pulls }: ChainCommit): MergedInto | undefined {
  const own = pulls.filter(({ mergeCommit }) => mergeCommit === oid);
  return own.sort((one, other) => one.number - other.number)[0];
}

/** Nothing arrived before what is below it, whatever date its commit claims. */
function timed(groups: readonly Group[]): Arrival[] {
  let latest = 0;
  return groups.flatMap(({ commits, pull, push }) => {
    const [head, oldest] = [commits[0], commits.at(-1)];
    if (head === undefined || oldest?.parent === undefined) {
      return [];
    }
    const told = pull?.mergedAt ?? push?.at;
    latest = Math.max(latest, (told ?? head.committedAt).getTime());
    return {
      ...{ head: head.oid, base: oldest.parent, pull: pull?.number, at: told ?? new Date(latest), forced: undefined },
      messages: commits.map(({ message }) => message).reverse(),
      pushedBy: push === undefined ? `${head.author} (by the commit)` : (push.actor ?? GONE),
    };
  });
}
