import type { BranchCommit, PullRequest } from './state.js';

/** How the files of one commit stand to the version that is to be set. */
export type Standing =
  /** They hold another version that may be replaced. */
  | 'change'
  /** They hold exactly this version already. */
  | 'set'
  /** They hold a newer one. */
  | 'newer-there'
  /** Nothing in them carries the app, or they cannot be read. */
  | 'unusable';

export interface Situation {
  environment: string;
  app: string;
  version: string;
  /** How the base stands. */
  base: Standing;
  baseOid: string;
  /** The bump branch, where there is one. */
  branch: { commit: BranchCommit; standing: Standing } | undefined;
  /** The open pull request of that branch. */
  open: PullRequest | undefined;
  /** Its pull requests that are no longer open, newest first. */
  past: readonly PullRequest[];
}

/** What is done about one environment's branch and pull request. */
export type Step =
  /** Make the branch at the base (move the leftover one there), commit, open the pull request. */
  | { do: 'open'; leftover: string | undefined }
  /** Commit on top of what is there; open a pull request where there is none. */
  | { do: 'append' }
  /** Build the branch anew from the base beside it and move it once. */
  | { do: 'rebuild' }
  /** The branch holds the right content. */
  | { do: 'keep'; conflict: boolean }
  | { do: 'close'; reason: string }
  | { do: 'nothing'; action: 'unchanged' | 'skipped'; reason: string };

/** Names the verb in `Ostack-Action`. */
export const BUMP_ACTION = 'bump-ops-overlay';

/** In the body of a pull request that we closed ourselves, so that it does not look closed by a person. */
export const CLOSED_BY_US = '<!-- ostack:closed -->';

/**
 * Decides what happens to the branch and the pull request of one environment and app.
 *
 * 1. The base has the version: an open pull request is closed, unless it proposes a newer one.
 * 2. The base has a newer one: nothing.
 * 3. No pull request is open: one is opened, unless a person closed the last one for this very version. That stays
 *    closed; the next version opens a new one, and reopening it by hand brings it back.
 * 4. One is open that proposes a newer version: nothing.
 * 5. One is open with commits of other people: theirs are kept and ours comes on top.
 * 6. One is open with our commits only: it is built anew from the base when it is behind or in conflict, else our commit
 *    comes on top.
 */
export function nextStep(situation: Situation): Step {
  const { base, open, version, environment } = situation;
  if (base === 'set') {
    return whenDeployed(situation);
  }
  if (base !== 'change') {
    return { do: 'nothing', action: 'skipped', reason: `${environment} holds a newer version than ${version}` };
  }
  return open === undefined ? whenNoneIsOpen(situation) : whenOpen(situation, open);
}

function whenDeployed({ open, branch, version, environment }: Situation): Step {
  const reason = `${version} is already in ${environment}`;
  if (open === undefined) {
    return { do: 'nothing', action: 'unchanged', reason };
  }
  return branch?.standing === 'newer-there'
    ? { do: 'nothing', action: 'unchanged', reason: `${reason}; #${open.number} proposes a newer version` }
    : { do: 'close', reason };
}

function whenNoneIsOpen(situation: Situation): Step {
  const { past, branch, version } = situation;
  const last = past[0];
  if (last?.state === 'CLOSED' && !last.body.includes(CLOSED_BY_US) && proposedBy(last, situation) === version) {
    return {
      do: 'nothing',
      action: 'skipped',
      reason: `a person closed #${last.number} for ${version}; reopen it to go on, the next version opens a new one`,
    };
  }
  return branch === undefined ? { do: 'open', leftover: undefined } : whenOnlyTheBranchIs(situation, branch);
}

/**
 * A branch without an open pull request. What belonged to an earlier pull request is kept there, so the branch starts
 * afresh. What is ours and stands right on the base may be the work of another run that opens its pull request this
 * very moment: resetting the branch would close that, so we build on it. Anything else is somebody's work, and kept.
 */
function whenOnlyTheBranchIs(situation: Situation, branch: NonNullable<Situation['branch']>): Step {
  const { past, baseOid, version, environment, app } = situation;
  const { commit, standing } = branch;
  const ours = isOurs(commit, situation);
  const leftover = past.some(({ headOid }) => headOid === commit.oid) || (ours && commit.firstParent !== baseOid);
  if (leftover || (ours && standing === 'unusable')) {
    return { do: 'open', leftover: commit.oid };
  }
  if (standing === 'newer-there' || standing === 'unusable') {
    const why = standing === 'unusable' ? 'nothing that carries the version' : `a newer version than ${version}`;
    const reason = `the branch ostack/${environment}/${app} has commits and ${why}; delete it to start afresh`;
    return { do: 'nothing', action: 'skipped', reason };
  }
  return { do: 'append' };
}

function whenOpen(situation: Situation, open: PullRequest): Step {
  const { branch, version, baseOid } = situation;
  const standing = branch?.standing ?? 'unusable';
  const onlyOurs =
    open.commitCount === open.commits.length && open.commits.every((commit) => isOurs(commit, situation));
  const conflict = open.mergeable === 'CONFLICTING';
  const behind = open.commits[0]?.firstParent !== baseOid;
  switch (standing) {
    case 'newer-there':
      return { do: 'nothing', action: 'skipped', reason: `#${open.number} proposes a newer version than ${version}` };
    case 'set':
      return (conflict || open.outdated) && onlyOurs ? { do: 'rebuild' } : { do: 'keep', conflict };
    case 'change':
      return onlyOurs && (behind || conflict) ? { do: 'rebuild' } : { do: 'append' };
    default:
      return onlyOurs
        ? { do: 'rebuild' }
        : {
            do: 'nothing',
            action: 'skipped',
            reason: `people's commits on #${open.number} took away what carries the version; close it to start afresh`,
          };
  }
}

/** Whether a commit of a bump branch is one that this action made for this environment and app. */
export function isOurs(
  { trailers }: BranchCommit,
  { environment, app }: Pick<Situation, 'environment' | 'app'>,
): boolean {
  return trailers?.action === BUMP_ACTION && trailers.environment === environment && trailers.app === app;
}

/** The version a pull request stands for: that of its newest commit of ours. */
function proposedBy({ commits }: PullRequest, situation: Situation): string | undefined {
  return commits.findLast((commit) => isOurs(commit, situation))?.trailers?.version;
}
