import type { Commit } from './git/read-commits.js';
import type { History } from './history.js';
import { type Message, readMessage } from './message.js';

/** One change for the notes: a commit, or the pull request of a merge commit. */
export interface Change {
  /** Id of its commit. */
  sha: string;
  author: string;
  /** What the commit, or the title of its pull request, says by Conventional Commits. */
  said: Message;
  /** Number of its pull request, if the messages name it. */
  pullRequest: number | undefined;
  paths: readonly string[];
  /** The merge of a pull request that brought it; the change's own id where it is that merge. */
  merge: string | undefined;
}

/** Accounts that fill the bodies of their commits with the release notes of others. */
const UPDATERS = /^(?:dependabot(?:-preview)?|renovate|snyk|depfu|greenkeeper)(?:\[bot\]|[ -]?bot)?$/i;

/** What GitHub writes for a merge commit, by one of its two settings. */
const MERGE_TITLE = /^Merge pull request #(\d+) from \S/;
const NUMBER_AT_END = / \(#(\d+)\)$/;

/**
 * Turns commits into changes. A merge commit on the main line that merges a pull request is a change with the title of the
 * pull request, on all the paths it changed. Other merges are not changes; the commits that they merge are.
 *
 * @param commits since the last releases, in any order
 * @param head the newest commit, the tip of the main line
 */
export function toChanges(commits: readonly Commit[], history: History, head: string): Change[] {
  const bySha = new Map(commits.map((commit) => [commit.sha, commit]));
  const mainline = history.mainline(head, new Set(bySha.keys()));
  const merges = pullRequestMerges(bySha, mainline);
  return commits.flatMap((commit) => {
    const merge = merges.get(commit.sha);
    if (merge?.sha === commit.sha) {
      return [toChange(commit, merge.title, { number: merge.number, sha: merge.sha })];
    }
    return commit.parents.length < 2 ? [toChange(commit, commit.message, merge)] : [];
  });
}

/** The merge of a pull request. */
interface Merge {
  sha: string;
  number: number;
  title: string;
}

/** For each commit that a pull request's merge brought to the main line, and for the merge itself, that merge. */
function pullRequestMerges(commits: ReadonlyMap<string, Commit>, mainline: readonly string[]): Map<string, Merge> {
  const merges = new Map<string, Merge>();
  const seen = new Set(mainline);
  // Oldest first: a commit belongs to the first merge that brought it to the main line.
  for (const sha of mainline.toReversed()) {
    const commit = commits.get(sha);
    const merge = commit === undefined ? undefined : readMerge(commit);
    const queue = commit?.parents.slice(1) ?? [];
    if (merge !== undefined) {
      merges.set(sha, merge);
    }
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      const brought = seen.has(at) ? undefined : commits.get(at);
      if (brought !== undefined) {
        seen.add(at);
        queue.push(...brought.parents);
        if (merge !== undefined) {
          merges.set(at, merge);
        }
      }
    }
  }
  return merges;
}

/**
 * Number and title of the pull request that a merge commit merges. GitHub writes `Merge pull request #1 from owner/branch`
 * with the title as the body, or, where the repository says so, the title with its number.
 *
 * @see https://docs.github.com/repositories/configuring-branches-and-merges-in-your-repository/configuring-pull-request-merges/configuring-commit-merging-for-pull-requests
 */
function readMerge({ sha, parents, message }: Commit): Merge | undefined {
  const [subject = '', ...rest] = message.split('\n');
  const merged = MERGE_TITLE.exec(subject);
  if (parents.length < 2) {
    return undefined;
  }
  if (merged !== null) {
    return { sha, number: Number(merged[1]), title: rest.join('\n').trim() || subject };
  }
  const titled = NUMBER_AT_END.exec(subject.trimEnd());
  return titled === null ? undefined : { sha, number: Number(titled[1]), title: message };
}

function toChange(commit: Commit, message: string, merge: { sha: string; number: number } | undefined): Change {
  const [subject = '', ...rest] = message.trim().split('\n');
  const number = NUMBER_AT_END.exec(subject.trimEnd());
  const title = subject.trimEnd().replace(NUMBER_AT_END, '');
  return {
    sha: commit.sha,
    author: commit.author,
    said: readMessage([title, ...rest].join('\n'), UPDATERS.test(commit.author)),
    pullRequest: merge?.number ?? (number === null ? undefined : Number(number[1])),
    paths: commit.paths,
    merge: merge?.sha,
  };
}

/**
 * The changes that count when some belong to one pull request: the conventional ones among its title and commits; its
 * title alone when none is. Commits that repeat the title, as for a pull request of one commit, are left out.
 */
export function summarize(changes: readonly Change[]): Change[] {
  const groups = new Map<string, Change[]>();
  for (const change of changes) {
    const key = change.merge ?? change.sha;
    groups.set(key, [...(groups.get(key) ?? []), change]);
  }
  return [...groups.values()].flatMap((group) => {
    const spoken = group.filter(({ said }) => said.type !== undefined);
    const merge = group.find(({ sha, merge }) => sha === merge);
    if (merge === undefined) {
      return group;
    }
    const kept = spoken.length > 0 ? spoken : [merge];
    return kept.filter((change) => change === merge || change.said.header !== merge.said.header);
  });
}
