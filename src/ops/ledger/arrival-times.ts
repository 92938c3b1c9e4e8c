import * as v from 'valibot';
import type { Connected } from '../../github/connected.js';
import { pageOf } from '../../github/page.js';
import { repositoryReader } from '../../github/repository-reader.js';
import { type Push, readPushes } from './read-pushes.js';

/** A commit with its parents. */
export interface Linked {
  oid: string;
  parents: readonly string[];
}

/** The newest part of a branch's history, and of GitHub's record of its moves. */
export interface Recorded {
  /** Newest first. */
  commits: readonly Linked[];
  /** In any order. */
  pushes: readonly Push[];
  /** Whether both go back as far as there is anything. */
  isComplete: boolean;
}

/**
 * When commits reached a branch, as far as GitHub's record of its moves tells. The date in a commit is a claim of whoever made it.
 *
 * @returns when a commit arrived; where the record says nothing of it, the date that it claims, but none before the
 *   record begins where there is more than was read
 */
export function arrivalTimes({ commits, pushes, isComplete }: Recorded): (oid: string, claimed: Date) => Date {
  const parents = new Map(commits.map((commit) => [commit.oid, commit.parents]));
  const times = new Map<string, Date | undefined>();
  const oldestFirst = [...pushes].sort((one, other) => one.id - other.id);
  for (const { before, after, at } of oldestFirst) {
    // What was there before a push came by none that is recorded, or by an earlier one.
    mark(before, undefined);
    mark(after, at);
  }
  const bound = isComplete ? undefined : oldestFirst[0]?.at;
  return (oid, claimed) => {
    const known = times.get(oid);
    return known ?? (bound === undefined || claimed > bound ? claimed : bound);
  };

  function mark(from: string, at: Date | undefined): void {
    const open = [from];
    for (let oid = open.pop(); oid !== undefined; oid = open.pop()) {
      if (parents.has(oid) && !times.has(oid)) {
        times.set(oid, at);
        open.push(...(parents.get(oid) ?? []));
      }
    }
  }
}

/** Pages of a hundred commits, and of a hundred moves, that are read. */
const MOST_PAGES = 3;

const historySchema = v.nullable(
  v.object({
    history: pageOf(
      v.object({
        oid: v.string(),
        parents: v.object({ nodes: v.nullable(v.array(v.nullable(v.object({ oid: v.string() })))) }),
      }),
    ),
  }),
);

/**
 * Reads when commits reached a branch.
 *
 * @throws what a failed request throws; it takes `contents: read`
 */
export async function readArrivalTimes(
  ops: Connected,
  head: { oid: string; branch: string },
): Promise<ReturnType<typeof arrivalTimes>> {
  const [pushes, history] = await Promise.all([
    readPushes(ops, head.branch, () => false, MOST_PAGES),
    readCommits(ops, head.oid),
  ]);
  return arrivalTimes({ ...history, pushes, isComplete: history.isComplete && pushes.length < MOST_PAGES * 100 });
}

async function readCommits(ops: Connected, head: string): Promise<Pick<Recorded, 'commits' | 'isComplete'>> {
  const reader = repositoryReader(ops.github, ops.repository, 'ArrivalTimes');
  const commits: Linked[] = [];
  let after: string | null = null;
  for (let page = 0; page < MOST_PAGES; page++) {
    const cursor: string | null = after;
    const answer: v.InferOutput<typeof historySchema> = await reader.load({
      text: (bind) =>
        `object(oid: ${bind('GitObjectID!', head)}) { ... on Commit { history(first: 100, after: ${bind('String', cursor)}) { pageInfo { hasNextPage endCursor } nodes { oid parents(first: 10) { nodes { oid } } } } } }`,
      schema: historySchema,
    });
    for (const node of answer?.history.nodes ?? []) {
      if (node !== null) {
        commits.push({ oid: node.oid, parents: (node.parents.nodes ?? []).flatMap((parent) => parent?.oid ?? []) });
      }
    }
    if (answer?.history.pageInfo.hasNextPage !== true) {
      return { commits, isComplete: true };
    }
    after = answer.history.pageInfo.endCursor;
  }
  return { commits, isComplete: false };
}
