import type { Review } from '../../judgement/approvals.js';

/** A review, with what became of it. */
export interface PastReview extends Review {
  id: string;
  submittedAt: Date | undefined;
}

/** A review that somebody dismissed. */
export interface Dismissal {
  review: string;
  at: Date;
  /** What it said until then. */
  before: string;
}

const OPINIONS = ['APPROVED', 'CHANGES_REQUESTED', 'DISMISSED'];

/**
 * The newest opinion of each reviewer at a time: what came later does not count, and what was dismissed later counts still.
 *
 * @param reviews in any order
 */
export function reviewsAt(reviews: readonly PastReview[], dismissals: readonly Dismissal[], at: Date): Review[] {
  const stateThen = ({ id, state }: PastReview) =>
    dismissals.find((each) => each.review === id && each.at > at)?.before ?? state;
  const then = reviews
    .filter(({ submittedAt }) => submittedAt !== undefined && submittedAt <= at)
    .sort((one, other) => (one.submittedAt?.getTime() ?? 0) - (other.submittedAt?.getTime() ?? 0))
    .map(
      ({ login, isBot, commit, ...review }): Review => ({
        login,
        isBot,
        commit,
        submittedAt: review.submittedAt,
        state: stateThen({ ...review, login, isBot, commit }),
      }),
    )
    .filter(({ state }) => OPINIONS.includes(state));
  return [...new Map(then.map((review) => [review.login.toLowerCase(), review])).values()];
}
