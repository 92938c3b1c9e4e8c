import type { GitHub } from '../../github/client.js';
import type { RepositoryName } from '../../github/context.js';
import type { RepositoryReader } from '../../github/repository-reader.js';
import { githubTree } from '../tree/github-tree.js';
import { memoTree } from '../tree/memo-tree.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { readArrivalTimes } from './arrival-times.js';
import { type HistoryPage, historyPage } from './history-page.js';

/** Read access to an ops repository. `reader` joins the requests of one tick. */
export interface LedgerSource {
  github: GitHub;
  repository: RepositoryName;
  reader: RepositoryReader;
  /** The tree of the head commit, where the caller has read from it already. */
  base?: TreeReader;
  /** When commits reached the branch, where that is read already, or of a newer commit: by default it is read when it is needed. */
  times?: () => ReturnType<typeof readArrivalTimes>;
}

/** The commit from which a ledger goes back, and the branch that it is the head of. */
export interface LedgerHead {
  oid: string;
  /** Name of the default branch, without `refs/heads/`. */
  branch: string;
}

/** A commit and its history never change, so all ledgers from one reader share what was read of them. */
const caches = new WeakMap<RepositoryReader, ReturnType<typeof createCache>>();

function createCache({ reader, github, repository, times }: LedgerSource) {
  const read = (head: LedgerHead) => times?.() ?? readArrivalTimes({ github, repository }, head);
  const trees = new Map<string, TreeReader>();
  const pages = new Map<string, Promise<HistoryPage>>();
  const known = new Map<string, ReturnType<typeof readArrivalTimes>>();
  // The date in a commit is a claim: one that no pull request brought is as old as its push.
  const proven = async (head: LedgerHead, page: HistoryPage): Promise<HistoryPage> => {
    if (page.commits.every(({ pullRequest }) => pullRequest !== undefined)) {
      return page;
    }
    const reading = known.get(head.oid) ?? read(head);
    known.set(head.oid, reading);
    const timeOf = await reading;
    const commits = page.commits.map((commit) =>
      commit.pullRequest === undefined ? { ...commit, at: timeOf(commit.oid, commit.at) } : commit,
    );
    return { ...page, commits };
  };
  return {
    tree(oid: string): TreeReader {
      const tree = trees.get(oid) ?? memoTree(githubTree(reader, github, repository, oid));
      trees.set(oid, tree);
      return tree;
    },
    page(head: LedgerHead, path: string, size: number, after: string | null): Promise<HistoryPage> {
      const key = JSON.stringify([head, path, size, after]);
      const page =
        pages.get(key) ?? reader.load(historyPage(head, path, size, after)).then((found) => proven(head, found));
      pages.set(key, page);
      page.catch(() => pages.delete(key));
      return page;
    },
  };
}

/** The trees and pages of history that were read through this source. */
export function cacheOf(source: LedgerSource): ReturnType<typeof createCache> {
  const own = caches.get(source.reader) ?? createCache(source);
  caches.set(source.reader, own);
  return own;
}

/** The tree of a commit. */
export function treeOf(source: LedgerSource, oid: string): TreeReader {
  return cacheOf(source).tree(oid);
}

/** The tree of the commit from which the ledger goes back. */
export function headTree(source: LedgerSource, { oid }: LedgerHead): TreeReader {
  return source.base ?? treeOf(source, oid);
}
