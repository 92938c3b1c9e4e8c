import type { Commit } from './git/read-commits.js';
import type { History } from './history.js';
import { MERGE_TITLE, NUMBER_AT_END } from './merge-titles.js';
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
  /** The folder of a package that it touched, where the app only depends on that. */
  dependency?: string;
  /** The merge of a pull request that brought it; the change's own id where it is that merge. */
  merge: string | undefined;
}

/** Accounts that fill the bodies of their commits with the release notes of others. */
const UPDATERS = /^(?:dependabot(?:-preview)?|renovate|snyk|depfu|greenkeeper)(?:\[bot\]|[ -]?bot)?$/i;

/**
 * Turns commits into changes. A merge of a pull request is a change with the pull request's title, on all the paths it
 * changed, wherever it was merged: into the main line, or into a branch that came to the main line later. Other merges are
 * no changes, and neither is one that only brings other pull requests along, or what is released already, as the way back
 * from the main line to an integration branch does; the commits that they merge are. What such a
 * merge changes itself, on paths that no other commit touches, is a change of its own.
 *
 * @param commits since the last releases, in any order
 * @param head the newest commit, the tip of the main line
 */
export function toChanges(commits: readonly Commit[], history: History, head: string): Change[] {
  const bySha = new Map(commits.map((commit) => [commit.sha, commit]));
  const merges = pullRequestMerges(bySha, history, head);
  const carriers = carriersOf(merges, bySha);
  const touched = new Set(commits.flatMap(({ parents, paths }) => (parents.length < 2 ? paths : [])));
  const ownChange = (commit: Commit, merge: Merge | undefined) => {
    const paths = commit.own?.filter((path) => !touched.has(path)) ?? [];
    return paths.length === 0 ? [] : [toChange({ ...commit, paths }, commit.message, merge)];
  };
  return commits.flatMap((commit) => {
    const merge = merges.get(commit.sha);
    if (merge?.sha === commit.sha) {
      const change = toChange(commit, merge.title, merge);
      const isOnTheWay = merge.brought.length === 0 || (carriers.has(merge.sha) && change.said.type === undefined);
      return isOnTheWay ? ownChange(commit, undefined) : [change];
    }
    return commit.parents.length < 2
      ? [toChange(commit, commit.message, isSquashed(commit) ? undefined : merge)]
      : ownChange(commit, merge);
  });
}

/** The merge of a pull request. */
interface Merge {
  sha: string;
  number: number;
  title: string;
  /** Commits that it brought, and no merge before it. */
  brought: readonly string[];
}

/**
 * For each commit that a pull request's merge brought, and for the merge itself, that merge. Of merges within merges the
 * innermost counts: it was made for that commit.
 */
function pullRequestMerges(commits: ReadonlyMap<string, Commit>, history: History, head: string): Map<string, Merge> {
  const merges = new Map<string, Merge>();
  const mainline = new Set(history.mainline(head, new Set(commits.keys())));
  for (const sha of history.newestFirst(commits.keys()).toReversed()) {
    const commit = commits.get(sha);
    const merge = commit === undefined ? undefined : readMerge(commit);
    if (commit === undefined || merge === undefined) {
      continue;
    }
    const [into, ...from] = commit.parents;
    const all = new Set(from.flatMap((parent) => history.span(parent, into).commits));
    const brought = [...all].filter((one) => commits.has(one) && !mainline.has(one));
    const whole = { ...merge, brought };
    merges.set(sha, whole);
    for (const one of brought.filter((each) => !merges.has(each))) {
      merges.set(one, whole);
    }
  }
  return merges;
}

/** The merges that brought other pull requests along: of integration branches, release branches, stacked branches. */
function carriersOf(merges: ReadonlyMap<string, Merge>, commits: ReadonlyMap<string, Commit>): ReadonlySet<string> {
  const isPullRequest = (sha: string) => {
    const commit = commits.get(sha);
    return merges.get(sha)?.sha === sha || (commit !== undefined && isSquashed(commit));
  };
  const carriers = [...new Set(merges.values())].filter(({ brought }) => brought.some(isPullRequest));
  return new Set(carriers.map(({ sha }) => sha));
}

/** Whether a commit is a pull request that GitHub squashed: it has a title and a number of its own. */
function isSquashed({ parents, message, madeByGitHub }: Commit): boolean {
  const subject = message.trimStart().split('\n', 1)[0] ?? '';
  return parents.length < 2 && madeByGitHub === true && NUMBER_AT_END.test(subject.trimEnd());
}

/**
 * Number and title of the pull request that a merge commit merges. GitHub writes `Merge pull request #1 from owner/branch`
 * with the title as the body, or, where the repository says so, the title with its number.
 *
 * @see https://docs.github.com/repositories/configuring-branches-and-merges-in-your-repository/configuring-pull-request-merges/configuring-commit-merging-for-pull-requests
 */
function readMerge({ sha, parents, message }: Commit): Omit<Merge, 'brought'> | undefined {
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
 * title alone when none is. Commits that repeat the title, as for a pull request of one commit, are left out, and so is a
 * pull request that arrived a second time, on another branch.
 */
export function summarize(changes: readonly Change[]): Change[] {
  const groups = new Map<string, Change[]>();
  for (const change of changes) {
    const key = change.merge ?? change.sha;
    groups.set(key, [...(groups.get(key) ?? []), change]);
  }
  const seen = new Set<string>();
  const once = ({ pullRequest, said }: Change) => {
    const key = `${pullRequest} ${said.header}`;
    const first = pullRequest === undefined || !seen.has(key);
    seen.add(key);
    return first;
  };
  const counted = [...groups.values()].flatMap((group) => {
    const spoken = group.filter(({ said }) => said.type !== undefined);
    const merge = group.find(({ sha, merge }) => sha === merge);
    if (merge === undefined) {
      return group;
    }
    const kept = spoken.length > 0 ? spoken : [merge];
    return kept.filter((change) => change === merge || change.said.header !== merge.said.header);
  });
  return counted.filter(once);
}
