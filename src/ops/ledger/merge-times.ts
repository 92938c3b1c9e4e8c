import type { PathCommit } from './history-page.js';

/** The history of one path as far as it is known. */
export interface PathHistory {
  path: string;
  /** Newest first. */
  commits: PathCommit[];
  /** Whether there is more of it that is not known yet. */
  hasMore: boolean;
}

/** What a set of paths held from a time on. */
export interface MergeTime {
  /** What brought it: of several commits of one pull request the last. */
  commit: PathCommit;
  at: Date;
  /** By path, what each held; `undefined` where it did not exist yet. */
  contents: ReadonlyMap<string, PathCommit | undefined>;
}

/**
 * Puts the histories of several paths together, newest first: at each moment something of them changed on the branch.
 *
 * Commits of one pull request came to the branch together, so only its last state was ever there. Git's own order within
 * a path stands, whatever the clocks of those who committed said. Moments before the known part of a history that goes on
 * are left out, since what that path held then is not known.
 */
export function mergeTimesOf(histories: readonly PathHistory[]): MergeTime[] {
  const lines = histories.map((history) => ({ ...history, steps: inBranchOrder(history.commits) }));
  const ordered = interleave(lines.map(({ steps }) => steps));
  const place = new Map(ordered.map(({ step }, index) => [keyOf(step), index]));
  const result: MergeTime[] = [];
  for (const [index, { step, at }] of ordered.entries()) {
    const holds = new Map<string, PathCommit | undefined>();
    for (const { path, steps, hasMore: goesOn } of lines) {
      const held = steps.find((each) => (place.get(keyOf(each)) ?? 0) >= index);
      if (held === undefined && goesOn) {
        return result;
      }
      holds.set(path, held);
    }
    result.push({ commit: step, at, contents: holds });
  }
  return result;
}

/** Several lists as one, newest first: what is in more than one is there once, and the order of each list stands. */
function interleave(lists: readonly (readonly PathCommit[])[]): { step: PathCommit; at: Date }[] {
  const rest = lists.map((steps) => [...steps]);
  const result: { step: PathCommit; at: Date }[] = [];
  for (;;) {
    const heads = rest.flatMap(([head]) => head ?? []);
    const isFree = (step: PathCommit) =>
      rest.every((steps) => steps.findIndex((each) => keyOf(each) === keyOf(step)) < 1);
    const free = heads.filter(isFree);
    const [next] = (free.length === 0 ? heads : free).sort((one, other) => other.at.getTime() - one.at.getTime());
    if (next === undefined) {
      return result;
    }
    const same = heads.filter((head) => keyOf(head) === keyOf(next));
    result.push({ step: next, at: new Date(Math.max(...same.map(({ at }) => at.getTime()))) });
    for (const steps of rest) {
      const at = steps.findIndex((each) => keyOf(each) === keyOf(next));
      if (at >= 0) {
        steps.splice(at, 1);
      }
    }
  }
}

/** One step for each pull request, its last; and no step earlier than those before it in git's order. */
function inBranchOrder(steps: readonly PathCommit[]): PathCommit[] {
  const seen = new Set<string>();
  const last = steps.filter((step) => {
    const isNew = !seen.has(keyOf(step));
    seen.add(keyOf(step));
    return isNew;
  });
  let latest = 0;
  const oldestFirst = last.reverse().map((step) => {
    latest = Math.max(latest, step.at.getTime());
    return { ...step, at: new Date(latest) };
  });
  return oldestFirst.reverse();
}

function keyOf({ oid, pullRequest }: PathCommit): string {
  return pullRequest === undefined ? oid : `#${pullRequest.number}`;
}
