import type { PathCommit } from './history-page.js';

/** The history of a path, as far as it is read. */
export interface PathHistory {
  path: string;
  /** Newest first. */
  commits: PathCommit[];
  /** Whether there are older commits that are not read yet. */
  hasMore: boolean;
}

/** A time at which something of several paths changed on the branch. */
export interface MergeTime {
  /** The commit that changed it; of a pull request with several commits the last one. */
  commit: PathCommit;
  at: Date;
  /** For each path the commit that has its content at this time; `undefined` where it did not exist yet. */
  contents: ReadonlyMap<string, PathCommit | undefined>;
}

/**
 * Merges the histories of several paths into one list of times, newest first.
 *
 * The commits of a pull request reach the branch together, so only its last one counts. The order of git within a path
 * is kept, whatever the dates of the commits. The list ends where the history of a path is not read yet, because what
 * that path had before is not known.
 */
export function mergeTimesOf(histories: readonly PathHistory[]): MergeTime[] {
  const ordered = histories.map((history) => ({ ...history, commits: inBranchOrder(history.commits) }));
  const interleaved = interleave(ordered.map(({ commits }) => commits));
  const position = new Map(interleaved.map(({ commit }, index) => [keyOf(commit), index]));
  const result: MergeTime[] = [];
  for (const [index, { commit, at }] of interleaved.entries()) {
    const contents = new Map<string, PathCommit | undefined>();
    for (const { path, commits, hasMore } of ordered) {
      const state = commits.find((each) => (position.get(keyOf(each)) ?? 0) >= index);
      if (state === undefined && hasMore) {
        return result;
      }
      contents.set(path, state);
    }
    result.push({ commit, at, contents });
  }
  return result;
}

/**
 * Merges lists of commits into one, newest first. A commit of several lists is there once; each list keeps its order.
 */
function interleave(lists: readonly (readonly PathCommit[])[]): { commit: PathCommit; at: Date }[] {
  const rest = lists.map((commits) => [...commits]);
  const result: { commit: PathCommit; at: Date }[] = [];
  for (;;) {
    const heads = rest.flatMap(([head]) => head ?? []);
    const isFree = (commit: PathCommit) =>
      rest.every((commits) => commits.findIndex((each) => keyOf(each) === keyOf(commit)) < 1);
    const free = heads.filter(isFree);
    const [next] = (free.length === 0 ? heads : free).sort((one, other) => other.at.getTime() - one.at.getTime());
    if (next === undefined) {
      return result;
    }
    const same = heads.filter((head) => keyOf(head) === keyOf(next));
    result.push({ commit: next, at: new Date(Math.max(...same.map(({ at }) => at.getTime()))) });
    for (const commits of rest) {
      const at = commits.findIndex((each) => keyOf(each) === keyOf(next));
      if (at >= 0) {
        commits.splice(at, 1);
      }
    }
  }
}

/** Keeps only the last commit of each pull request, and lets no commit be earlier than one before it in git's order. */
function inBranchOrder(commits: readonly PathCommit[]): PathCommit[] {
  const seen = new Set<string>();
  const last = commits.filter((commit) => {
    const isNew = !seen.has(keyOf(commit));
    seen.add(keyOf(commit));
    return isNew;
  });
  let latest = 0;
  const oldestFirst = last.reverse().map((commit) => {
    latest = Math.max(latest, commit.at.getTime());
    return { ...commit, at: new Date(latest) };
  });
  return oldestFirst.reverse();
}

function keyOf({ oid, pullRequest }: PathCommit): string {
  return pullRequest === undefined ? oid : `#${pullRequest.number}`;
}
