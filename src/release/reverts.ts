import { MERGE_TITLE, NUMBER_AT_END } from './merge-titles.js';
import type { OwnLine } from './quotes.js';

/** What a commit takes back, by all that its message says about it. */
export interface Reverts {
  /** Ids of commits, whole or in short. */
  commits: readonly string[];
  /** The first line of what is taken back, without the number of its pull request. */
  header: string | undefined;
  /** Number of the pull request that is taken back. */
  pullRequest: number | undefined;
  /** Whether that is all it does. A squashed pull request may list a revert among its commits, and does more. */
  alone: boolean;
}

/** Git's line in the body of a revert, and GitHub's. Of "This reverts commit 1a2b3c4 in part" nobody knows what is left. */
const COMMIT = /^This reverts commit ([0-9a-f]{7,64})(?=[.,:;]|\s*$| \()/;
const PULL_REQUEST = /^Reverts (?:[\w.-]+\/[\w.-]+)?#(\d+)$/;

/** A commit in the list that GitHub writes into a squashed one. */
const LISTED = /^[*-] \S/;

/** Git's subject of a revert, that of a revert of a revert since git 2.43, and the type of Conventional Commits. */
const SUBJECT = /^(?:(Revert|Reapply) "(.+)"|revert(?:\([^)]*\))?: (.+))$/;

/**
 * Reads what a message takes back.
 *
 * @param header its first line, without the number of its own pull request
 * @param body all other lines, as `ownLines` has them
 * @see https://git-scm.com/docs/git-revert
 */
export function readReverts(header: string, body: readonly OwnLine[]): Reverts | undefined {
  const [, verb, quoted, typed] = SUBJECT.exec(header) ?? [];
  const lines = body.filter((line) => line !== undefined);
  const commits = lines.map((line) => COMMIT.exec(line)?.[1]).filter((id) => id !== undefined);
  const named = lines.map((line) => PULL_REQUEST.exec(line)?.[1]).find((number) => number !== undefined);
  const target = verb === 'Reapply' ? `Revert "${quoted}"` : (quoted ?? typed);
  if (target === undefined && commits.length === 0) {
    return undefined;
  }
  const number = target === undefined ? undefined : (NUMBER_AT_END.exec(target) ?? MERGE_TITLE.exec(target))?.[1];
  return {
    commits,
    header: target?.replace(NUMBER_AT_END, ''),
    pullRequest: Number(named ?? number ?? 0) || undefined,
    alone: target !== undefined || !lines.some((line) => LISTED.test(line)),
  };
}
