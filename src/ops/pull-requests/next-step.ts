import type { BranchCommit, PastPullRequest, PullRequest } from '../repository/pull-request.js';

/** What the files of one commit hold, compared with what is proposed: a version, for example. */
export type BranchContent =
  /** They hold another version that may be replaced. */
  | 'change'
  /** They hold exactly this version already. */
  | 'set'
  /** They hold a newer one. */
  | 'newer-there'
  /** Nothing in them carries the app, or they cannot be read. */
  | 'unusable';

/** Why something is or is not done about a branch, as people read it. */
export interface Reasons {
  /** `1.4.0 is already in staging`. */
  done: string;
  /** `staging holds a newer version than 1.4.0`. */
  newerThere: string;
  /** `a newer version than 1.4.0`: what is proposed already. */
  newer: string;
  /** What is wrong with a branch that nothing can be done on: `nothing that carries the version`. */
  unusable: string;
  /** What people's commits did to such a branch: `took away what carries the version`. */
  takenAway: string;
  /** Why a pull request that a person closed stays closed. */
  closed(number: number): string;
}

export interface Situation {
  reasons: Reasons;
  /** What the default branch holds. */
  base: BranchContent;
  baseOid: string;
  branchName: string;
  /** The branch, where there is one. */
  branch: { commit: BranchCommit; content: BranchContent } | undefined;
  /** The open pull request of that branch. */
  open: PullRequest | undefined;
  /** Its pull requests that are no longer open, newest first. */
  past: readonly PastPullRequest[];
  /** Which commits are those of the verb that proposes; others are people's. */
  isOurs(commit: BranchCommit): boolean;
  /** Whether a pull request that a person closed keeps another from being opened. */
  staysClosed(last: PastPullRequest): boolean;
  /** Whether the open pull request was about something else, so that what our commits on it did must not stay. */
  replaces?: boolean;
  /** Whether what the branch brings is no newer than what the base has. */
  overtaken?: boolean;
}

/** What is done about one environment's branch and pull request. */
export type Step =
  /** Make the branch at the base (move the leftover one there), commit, open the pull request. */
  | { do: 'open'; leftover: string | undefined }
  /** Commit on top of what is there; open a pull request where there is none. */
  | { do: 'append' }
  /** Build the branch anew on its scratch branch and move it once. */
  | { do: 'rebuild' }
  /** The branch holds the right content. */
  | { do: 'keep'; conflict: boolean }
  | { do: 'close'; reason: string }
  | { do: 'nothing'; action: 'unchanged' | 'skipped'; reason: string };

/** In the body of a pull request that we closed ourselves, so that it does not look closed by a person. */
export const CLOSED_BY_US = '<!-- ostack:closed -->';

/**
 * Decides what happens to the branch and the pull request of one proposal: a version for an environment, for example.
 *
 * 1. The base has the version: an open pull request is closed, unless it proposes a newer one.
 * 2. The base has a newer one: an open pull request is closed, unless it proposes something newer than that.
 * 3. No pull request is open: one is opened, unless a person closed the last one for this very version. That stays
 *    closed; the next version opens a new one, and reopening it by hand brings it back.
 * 4. One is open that proposes a newer version: nothing.
 * 5. One is open with commits of other people: theirs are kept and ours comes on top.
 * 6. One is open with our commits only: it is built anew from the base when it is behind, in conflict or was about
 *    something else, else our commit comes on top.
 */
export function nextStep(situation: Situation): Step {
  const { base, open } = situation;
  if (base === 'set') {
    return whenDone(situation);
  }
  if (base !== 'change') {
    return whenOvertaken(situation);
  }
  return open === undefined ? whenNoneIsOpen(situation) : whenOpen(situation, open);
}

function whenDone({ open, branch, reasons }: Situation): Step {
  const reason = reasons.done;
  if (open === undefined) {
    return { do: 'nothing', action: 'unchanged', reason };
  }
  return branch?.content === 'newer-there'
    ? { do: 'nothing', action: 'unchanged', reason: `${reason}; #${open.number} proposes a newer version` }
    : { do: 'close', reason };
}

/** A pull request that was opened while the newer one was on its way in: merged, it would go backwards. */
function whenOvertaken({ base, open, branch, reasons, overtaken = false }: Situation): Step {
  const reason = reasons.newerThere;
  const isOlder = branch?.content === 'set' || branch?.content === 'change';
  return base === 'newer-there' && open !== undefined && (isOlder || overtaken)
    ? { do: 'close', reason }
    : { do: 'nothing', action: 'skipped', reason };
}

function whenNoneIsOpen(situation: Situation): Step {
  const { past, branch, reasons } = situation;
  const last = past[0];
  if (last?.state === 'CLOSED' && !last.body.includes(CLOSED_BY_US) && situation.staysClosed(last)) {
    return { do: 'nothing', action: 'skipped', reason: reasons.closed(last.number) };
  }
  return branch === undefined ? { do: 'open', leftover: undefined } : whenOnlyTheBranchIs(situation, branch);
}

/**
 * A branch without an open pull request. What belonged to an earlier pull request is kept there, so the branch starts
 * afresh. A commit of ours right on the base may be the work of another run that opens its pull request this
 * very moment: resetting the branch would close that, so we build on it. Anything else is somebody's work, and kept.
 */
function whenOnlyTheBranchIs(situation: Situation, branch: NonNullable<Situation['branch']>): Step {
  const { past, baseOid, branchName, reasons } = situation;
  const { commit, content } = branch;
  const ours = situation.isOurs(commit);
  const leftover = past.some(({ headOid }) => headOid === commit.oid) || (ours && commit.firstParent !== baseOid);
  if (leftover || (ours && content === 'unusable')) {
    return { do: 'open', leftover: commit.oid };
  }
  if (content === 'newer-there' || content === 'unusable') {
    const why = content === 'unusable' ? reasons.unusable : reasons.newer;
    const reason = `the branch ${branchName} has commits and ${why}; delete it to start afresh`;
    return { do: 'nothing', action: 'skipped', reason };
  }
  return { do: 'append' };
}

function whenOpen(situation: Situation, open: PullRequest): Step {
  const { branch, baseOid, reasons, replaces = false } = situation;
  const content = branch?.content ?? 'unusable';
  const onlyOurs =
    open.commitCount === open.commits.length &&
    open.commits.every((commit) => situation.isOurs(commit)) &&
    // Of a commit that was pushed this moment the pull request does not know yet whose it is.
    (branch === undefined || branch.commit.oid === open.headOid);
  const conflict = open.mergeable === 'CONFLICTING';
  const behind = open.commits[0]?.firstParent !== baseOid;
  switch (content) {
    case 'newer-there':
      return { do: 'nothing', action: 'skipped', reason: `#${open.number} proposes ${reasons.newer}` };
    case 'set':
      return (conflict || open.outdated || replaces) && onlyOurs ? { do: 'rebuild' } : { do: 'keep', conflict };
    case 'change':
      return onlyOurs && (behind || conflict || replaces) ? { do: 'rebuild' } : { do: 'append' };
    default:
      return onlyOurs
        ? { do: 'rebuild' }
        : {
            do: 'nothing',
            action: 'skipped',
            reason: `people's commits on #${open.number} ${reasons.takenAway}; close it to start afresh`,
          };
  }
}
