import { freezesAt } from '../policy/freeze.js';
import type { PolicyEnvironment } from '../policy/policy.js';
import { lateReason } from './judge.js';

/** A freeze counts this long before it begins, because a merge may come later than its verdict. */
const BEFORE_FREEZE_MS = 3_600_000;
/** How long a merge may take that GitHub was asked for. */
const MERGE_MS = 600_000;
/** What is let in has this much time left over when it is taken back, for a machine to start and for requests that are slow. */
const SPARE_MS = 300_000;
/** How far apart the runs are that the starter's schedule asks for. */
const SCHEDULE_MS = 900_000;

/** What counts of a change in the hour before a freeze. */
export interface Merging {
  /** Whether GitHub merges it as soon as it may. */
  autoMerge: boolean;
  /** Whether it is merged at `now`. */
  mergesNow?: boolean;
  /** Since when its head is allowed; `undefined` where it is not. */
  since: Date | undefined;
  /** What was said last of its head; `undefined` where nothing was, or it is allowed. */
  lastReason: string | undefined;
  now: Date;
}

/** A freeze that begins within the hour, and whether the change may be merged before. */
export interface SoonFrozen {
  at: Date;
  isMerging: boolean;
  /** Whether it was let in and not merged in its time. */
  isLate: boolean;
  /** Whether so little time is left that a merge could end in the freeze. */
  isLastMinute: boolean;
}

/** @returns `undefined` where no freeze begins within the hour */
export function soonFrozen({ name, freeze }: PolicyEnvironment, merging: Merging): SoonFrozen | undefined {
  const { autoMerge, mergesNow = false, since, lastReason, now } = merging;
  const at = freezesAt(freeze, now, BEFORE_FREEZE_MS);
  if (at === undefined || mergesNow) {
    return undefined;
  }
  const hadItsTime = since !== undefined && now.getTime() - since.getTime() >= MERGE_MS;
  const isLate = autoMerge && (hadItsTime || lastReason === lateReason(name, at));
  const isLastMinute = since === undefined && at.getTime() - now.getTime() < MERGE_MS + SPARE_MS;
  return { at, isMerging: autoMerge && !isLate && !isLastMinute, isLate, isLastMinute };
}

/** When a change that is allowed is to be judged again at the latest, so that nothing merges it into a freeze. */
export interface Withdrawal {
  at: Date;
  freezesAt: Date;
}

/**
 * Says when a change that a freeze will keep out has to be judged again. Within the hour, that is when GitHub has had its time
 * for the merge. Before, it is when the hour begins: told as soon as no run of the schedule may come between.
 *
 * @returns `undefined` where that is the next run's business, or nobody's
 */
export function withdrawalOf({ freeze }: PolicyEnvironment, { since, now }: Merging): Withdrawal | undefined {
  const at = freezesAt(freeze, now, BEFORE_FREEZE_MS + SCHEDULE_MS);
  if (at === undefined) {
    return undefined;
  }
  const hour = at.getTime() - BEFORE_FREEZE_MS;
  const isWithin = hour <= now.getTime();
  return { freezesAt: at, at: new Date(isWithin ? (since ?? now).getTime() + MERGE_MS : hour) };
}
