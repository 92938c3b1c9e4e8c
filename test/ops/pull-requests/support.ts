import { BUMP } from '../../../src/ops/ledger/action-names.js';
import type { Work } from '../../../src/ops/pull-requests/work.js';
import type { BranchCommit, PullRequest } from '../../../src/ops/repository/pull-request.js';
import type { RepositoryState } from '../../../src/ops/repository/repository-state.js';

export const BASE = 'b'.repeat(40);
export const HEAD = 'a'.repeat(40);
export const OTHER = 'c'.repeat(40);

export const REPO: RepositoryState = {
  ...{ repositoryId: 'R_1', base: 'main', baseOid: BASE, policyText: undefined, holdsText: undefined },
  ...{
    root: [],
    overlays: [],
    homes: [],
    autoMergeAllowed: false,
    mergeMethods: ['SQUASH'],
    guarded: false,
    gated: false,
    mergeQueue: false,
  },
  ...{ users: new Map(), teams: new Map() },
};

/** A commit of ours for a version of my-app in staging. */
export function ours(version = '1.4.0', firstParent = BASE): BranchCommit {
  const trailers = { action: BUMP, environment: 'staging', app: 'my-app', version, images: [] };
  return {
    oid: `ours-${version}`,
    firstParent,
    headline: `my-app ${version}`,
    trailers: { ...trailers, source: undefined, run: undefined },
  };
}

/** A person's commit on top of it. */
export const theirs: BranchCommit = {
  oid: 'theirs',
  firstParent: 'ours-1.4.0',
  headline: 'more replicas',
  trailers: undefined,
};

export const pull = (over: Partial<PullRequest> = {}): PullRequest => {
  const commits = over.commits ?? [ours()];
  return {
    ...{ id: 'PR_7', number: 7, url: 'https://github.test/pull/7', state: 'OPEN', title: '', body: '' },
    ...{
      headOid: commits.at(-1)?.oid ?? '',
      mergeable: 'MERGEABLE',
      outdated: false,
      autoMerge: false,
      inQueue: false,
      hasFollowed: true,
      changes: { files: [], isCut: false },
    },
    ...{ labels: [], hasReviewers: false, hasAssignees: false, commits, commitCount: commits.length },
    ...over,
  };
};

/** A work that opens a pull request which merges by itself. */
export const work = (over: Partial<Work> = {}): Work => ({
  ...{ branch: 'ostack/staging/my-app', step: { do: 'open', leftover: undefined }, branchOid: undefined },
  ...{ open: undefined, change: { files: new Map([['a.yaml', 'a: 1\n']]) }, onTop: undefined },
  ...{ message: { headline: 'my-app 1.4.0', body: '' }, title: 'my-app 1.4.0', body: 'words', textStays: false },
  ...{ isNoteOnly: false, whenAllowed: false, stopsMerging: false },
  ...{ labels: [], merges: true, mergeReason: '', isOurs: (commit: BranchCommit) => commit.trailers !== undefined },
  ...over,
});
