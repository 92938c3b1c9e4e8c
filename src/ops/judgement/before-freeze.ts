import { freezesAt } from '../policy/freeze.js';
import type { PolicyEnvironment } from '../policy/policy.js';
import { lateReason } from './judge.js';

/** A freeze counts this long before it begins, because a merge may come later than its verdict. */
const BEFORE_FREEZE_MS = 3_600_000;
/** How long a merge may take that GitHub was asked for. */
const MERGE_MS = 600_000;
/** What is let in has this much time left over when it is taken back, for a machine to start and for requests that are slow. */
const SPARE_MS = 300_000;
/** How far a machine's clock may be from GitHub's. */
const CLOCKS_MS = 30_000;
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

/** What a freeze that is near means for a change that is allowed. */
export interface Withdrawal {
  freezesAt: Date;
  /** When the hour before it begins; `undefined` within that hour. */
  hour: Date | undefined;
  /** Whether the change was not allowed until now. */
  isNew: boolean;
}

/**
 * Says whether a change that is allowed has to be judged again before a freeze: that is told within the hour, and before it as
 * soon as no run of the schedule may come between.
 *
 * @returns `undefined` where no freeze is as near as that
 */
export function withdrawalOf({ freeze }: PolicyEnvironment, { since, now }: Merging): Withdrawal | undefined {
  const freezes = freezesAt(freeze, now, BEFORE_FREEZE_MS + SCHEDULE_MS);
  if (freezes === undefined) {
    return undefined;
  }
  const hour = new Date(freezes.getTime() - BEFORE_FREEZE_MS);
  return { freezesAt: freezes, hour: hour <= now ? undefined : hour, isNew: since === undefined };
}

/** Whether a freeze begins so soon that it counts. */
export function isNearFreeze({ freeze }: PolicyEnvironment, now: Date): boolean {
  return freezesAt(freeze, now, BEFORE_FREEZE_MS) !== undefined;
}

/** When a run judges again, and whose business that is. */
export interface JudgeAgain {
  at: Date;
  /** What it gave itself is its own; the hour before a freeze is the business of whichever run comes last before it. */
  isOwn: boolean;
}

/**
 * When a run that allowed changes near a freeze has to judge again. What it let in within the hour is taken back when GitHub has
 * had its time for the merge, which is over before the freeze begins. What was let in before the hour is taken back as the hour
 * begins; a minute more or less counts for nothing there.
 *
 * @param now after the verdicts were written: their time counts from there
 */
export function judgeAgainAt(withdrawals: readonly Withdrawal[], now: Date): JudgeAgain | undefined {
  if (withdrawals.some(({ hour, isNew }) => hour === undefined && isNew)) {
    return { at: new Date(now.getTime() + MERGE_MS + CLOCKS_MS), isOwn: true };
  }
  const hours = withdrawals.flatMap(({ hour }) => hour?.getTime() ?? []);
  return hours.length === 0 ? undefined : { at: new Date(Math.max(...hours) + CLOCKS_MS), isOwn: false };
}

/** How long a run takes that has proposed what it built, and has little left to do. */
const RUN_MS = 90_000;

/** When a gate judges again, because what it judged waits for a run that is not over yet. */
export function judgeAfterRun(now: Date): JudgeAgain {
  return { at: new Date(now.getTime() + RUN_MS), isOwn: false };
}
