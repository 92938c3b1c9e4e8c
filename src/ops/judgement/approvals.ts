import { isAmong } from '../../github/logins.js';
import type { PolicyEnvironment } from '../policy/policy.js';
import type { Approvals } from './judge.js';
import type { Reopened } from './reopenings.js';

/** The newest opinion of somebody on a pull request. */
export interface Review {
  login: string;
  isBot: boolean;
  state: string;
  /** The commit that it is about; `undefined` where GitHub no longer knows. */
  commit: string | undefined;
  /** Whether they may write to the repository; missing where that is not known any more. */
  mayWrite?: boolean;
  /** When it was given; missing where nobody knows. */
  submittedAt?: Date | undefined;
}

/** Logins, or why they cannot be told: a sentence. */
export type Logins = { logins: readonly string[] } | { problem: string };

/** Who had a hand in a pull request, as GitHub tells it. */
export interface PullPeople {
  head: string;
  /** Login; `undefined` where the account is gone. */
  author: string | undefined;
  /** Whether the head is in another repository. */
  isFork: boolean;
  /** The newest opinion of each reviewer. */
  reviews: readonly Review[];
  /** When it last got another base, and with that other changes; `undefined` where it has its first one. */
  baseChangedAt?: Date | undefined;
  /** Since when its plans are what they are; missing where nothing is planned. */
  plannedAt?: Date;
  /** Who opened it again last, once it was closed: they ask for it from then on, whoever started it. Missing where nobody did. */
  reopened?: Reopened | undefined;
  /** Who started the run that made the head: its actor and its triggering actor. None where no run of ours did. */
  starters: Logins;
  /** Whether nobody meant to start it: a schedule did, or a push. */
  isStartedByItself?: boolean;
  /** Who pushed to its branch. */
  pushers: Logins;
}

/** The logins that a policy's approvers come to now. */
export interface ApproverLogins {
  logins: readonly string[];
  /** Teams that the token cannot see. */
  unseen: readonly string[];
}

/** Approvals that a change needs, with what stands in their way. */
export interface JudgedApprovals extends Approvals {
  /** How many are needed. */
  needed: number;
  /** Approvals that do not count, each with why: sentences. */
  uncounted: readonly string[];
  /** Why no approval helps, a sentence. */
  refusal: string | undefined;
  /** Whether one of the environment's approvers stands behind the head as it is: by a counted approval, or by having started it. */
  isBacked: boolean;
}

/**
 * The approvals of an environment that count. One does when it is the newest opinion of a person, approves the head commit, and
 * is of somebody who is an approver now, may write to the repository, and neither wrote, started nor pushed the change. What was approved into another base
 * was another change. Where it cannot be told who started or pushed, one more is needed. A head in a fork is refused, because nobody sees who pushes there.
 *
 * @param isRollback whether all of the change takes the environment back to what it held: an approver who started that needs
 *   nobody else
 */
export function judgeApprovals(
  { name, approvers, approvals }: PolicyEnvironment,
  known: ApproverLogins,
  people: PullPeople,
  isRollback: boolean,
): JudgedApprovals {
  const none = { given: [], refused: [], problem: undefined, uncounted: [], refusal: undefined };
  if (approvers.length === 0) {
    return { ...none, needed: 0, isBacked: false };
  }
  if (people.isFork) {
    const refusal = `${name} asks for approvals, and nobody can tell who pushes to a fork: push the branch to this repository, and open it from there.`;
    return { ...none, needed: approvals, refusal, isBacked: false };
  }
  const isApprover = (login: string) => isAmong(login, known.logins);
  const reviews = people.reviews.filter(({ login, isBot }) => !isBot && isApprover(login));
  // Who asks for changes and may not write may be anybody who took a name that became free.
  const opinions = reviews.filter(({ state, mayWrite }) => mayWrite !== false || state === 'APPROVED');
  const approved = opinions.filter(({ state }) => state === 'APPROVED');
  const judged = approved.map((review) => ({ login: review.login, why: whyNot(review, people) }));
  const given = judged.filter(({ why }) => why === undefined).map(({ login }) => login);
  const unknown = [people.starters, people.pushers].flatMap((each) => ('problem' in each ? [each.problem] : []));
  const starters = 'logins' in people.starters ? people.starters.logins : [];
  const isStarted = people.isStartedByItself !== true && starters.length > 0 && starters.every(isApprover);
  // Closed, it was taken back: whoever opens it again wants it, and need not be an approver.
  const isTakenUp = people.reopened !== undefined && !isApprover(people.reopened.login ?? '');
  const isStartedByApprover = isStarted && !isTakenUp;
  const unseen = known.unseen.length === 0 ? [] : [cannotSee(known.unseen)];
  const isFree = isRollback && isStartedByApprover;
  return {
    given,
    refused: opinions.filter(({ state }) => state === 'CHANGES_REQUESTED').map(({ login }) => login),
    problem: [...unknown.map((each) => `${each} So it takes one approval more.`), ...unseen].join(' ') || undefined,
    needed: isFree ? 0 : approvals + (unknown.length > 0 ? 1 : 0),
    uncounted: [
      ...judged.flatMap(({ login, why }) =>
        why === undefined ? [] : [`The approval of ${login} does not count: ${why}.`],
      ),
      ...(isStarted && isTakenUp ? [takenUp(starters, people.reopened)] : []),
    ],
    refusal: undefined,
    isBacked: given.length > 0 || isStartedByApprover,
  };
}

function takenUp(starters: readonly string[], reopened: Reopened | undefined): string {
  return `${starters.join(' and ')} started it, and ${reopened?.login ?? 'somebody'} opened it again after it was closed: that takes an approval.`;
}

/** Why an approval does not count, the rest of a sentence; `undefined` where it does. */
function whyNot(
  { login, commit, mayWrite, submittedAt }: Review,
  { head, author, starters, pushers, baseChangedAt, plannedAt }: PullPeople,
): string | undefined {
  if (mayWrite === false) {
    return 'they may not write to this repository, so that GitHub does not count it either';
  }
  if (commit !== head) {
    return 'it is about an older commit';
  }
  if (baseChangedAt !== undefined && (submittedAt === undefined || submittedAt <= baseChangedAt)) {
    return 'the pull request got another base after it, and changes something else there';
  }
  if (plannedAt !== undefined && (submittedAt === undefined || submittedAt <= plannedAt)) {
    return 'it was given before what is planned now was planned';
  }
  if (author !== undefined && isAmong(login, [author])) {
    return 'it is their own pull request';
  }
  if ('logins' in starters && isAmong(login, starters.logins)) {
    return 'they started the run that made it';
  }
  return 'logins' in pushers && isAmong(login, pushers.logins) ? 'they pushed to its branch' : undefined;
}

function cannotSee(teams: readonly string[]): string {
  return `This token cannot see who is in ${teams.join(', ')}: give the App "members: read".`;
}
