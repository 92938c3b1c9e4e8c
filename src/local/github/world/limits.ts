import type { Caller } from './accounts.js';
import { Refusal } from './refusal.js';

/** How much GitHub lets one account do. */
export interface Limits {
  /** Points of GraphQL an hour, of an App's installation or a person. */
  points: number;
  /** The same of a workflow's own token, for its repository. */
  workflowPoints: number;
  /** Pull requests, issues, comments, reviews and releases that an account makes in a minute, and in an hour. */
  contentMinute: number;
  contentHour: number;
}

/**
 * The limits of github.com.
 *
 * @see https://docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api
 * @see https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits
 */
export const githubLimits: Limits = { points: 5000, workflowPoints: 1000, contentMinute: 80, contentHour: 500 };

export const noLimits: Limits = {
  points: Number.POSITIVE_INFINITY,
  workflowPoints: Number.POSITIVE_INFINITY,
  contentMinute: Number.POSITIVE_INFINITY,
  contentHour: Number.POSITIVE_INFINITY,
};

/** What is left of an account's points in this hour. */
export interface PointsLeft {
  limit: number;
  used: number;
  remaining: number;
  resetAt: Date;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** What every account has used of its limits. */
export class Usage {
  readonly #points = new Map<string, { used: number; resetAt: Date }>();
  readonly #contents = new Map<string, Date[]>();

  constructor(
    readonly limits: Limits,
    readonly now: () => Date,
  ) {}

  /** Forgets everything. */
  clear(): void {
    this.#points.clear();
    this.#contents.clear();
  }

  /** What is left for a caller. */
  left(caller: Caller): PointsLeft {
    const limit = caller.startsWorkflows ? this.limits.points : this.limits.workflowPoints;
    const { used, resetAt } = this.#hourOf(caller);
    const shown = Number.isFinite(limit) ? limit : githubLimits.points;
    return { limit: shown, used, remaining: Number.isFinite(limit) ? Math.max(0, limit - used) : shown, resetAt };
  }

  /** Takes points. @returns whether there were as many left; nothing is taken otherwise */
  spend(caller: Caller, points: number): boolean {
    const hour = this.#hourOf(caller);
    const limit = caller.startsWorkflows ? this.limits.points : this.limits.workflowPoints;
    if (hour.used + points > limit) {
      return false;
    }
    hour.used += points;
    return true;
  }

  /**
   * Counts something that a caller makes.
   *
   * @throws Refusal 403 where it is too much in a minute or an hour
   */
  create(caller: Caller): void {
    const key = keyOf(caller);
    const now = this.now().getTime();
    const made = (this.#contents.get(key) ?? []).filter((at) => now - at.getTime() < HOUR);
    const lately = made.filter((at) => now - at.getTime() < MINUTE);
    const [over, span] =
      made.length >= this.limits.contentHour
        ? [made, HOUR]
        : lately.length >= this.limits.contentMinute
          ? [lately, MINUTE]
          : [[], 0];
    const [first] = over;
    if (first !== undefined) {
      throw new Refusal(
        403,
        'You have exceeded a secondary rate limit and have been temporarily blocked from content creation. Please retry your request again later.',
        {
          ...{ type: 'UNPROCESSABLE', graphqlMessage: 'was submitted too quickly' },
          headers: { 'retry-after': String(Math.ceil((first.getTime() + span - now) / 1000)) },
        },
      );
    }
    this.#contents.set(key, [...made, new Date(now)]);
  }

  #hourOf(caller: Caller): { used: number; resetAt: Date } {
    const key = keyOf(caller);
    const known = this.#points.get(key);
    const now = this.now();
    if (known !== undefined && known.resetAt > now) {
      return known;
    }
    const fresh = { used: 0, resetAt: new Date(now.getTime() + HOUR) };
    this.#points.set(key, fresh);
    return fresh;
  }
}

/** An App or a person has one limit, a workflow's token one for its repository. */
function keyOf({ account, repositories, startsWorkflows }: Caller): string {
  return startsWorkflows ? account.login : `${account.login} ${[...(repositories ?? [])].join(' ')}`;
}
