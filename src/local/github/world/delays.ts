import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** How long GitHub takes, in requests to the API. */
export interface Delays {
  /**
   * Between a push and the moment when a pull request from that branch records the new head. GitHub takes up to ten seconds
   * for it, and refuses a merge until then.
   */
  head: () => number;
  /** How long after a push to its head or its base GitHub still refuses to merge a pull request. */
  merge: () => number;
  /** Milliseconds without a request after which time passes by itself; `undefined` for never. */
  idleMs?: number | undefined;
}

/** GitHub as a test would like it to be. */
export const noDelays: Delays = { head: () => 0, merge: () => 0 };

/** Most requests that a pull request records its head late, and that a merge is refused. */
const MOST_HEAD = 4;
const MOST_MERGE = 2;

/**
 * GitHub as it is: now at once and now late. The same seed gives the same delays in the same order.
 *
 * @param idleMs see `Delays`
 */
export function seededDelays(seed: number, idleMs?: number): Delays {
  const random = xoroshiro128plus(seed);
  return {
    head: () => uniformInt(random, 0, MOST_HEAD),
    merge: () => uniformInt(random, 0, MOST_MERGE),
    idleMs,
  };
}
