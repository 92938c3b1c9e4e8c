import { isoSeconds } from '../../../report/time.js';
import { durationOf } from '../../../runtime/duration.js';
import type { Health } from '../../policy/health.js';
import type { PolicyEnvironment } from '../../policy/policy.js';

/** A version that an app had before. */
export interface EarlierVersion {
  /** `null` where nothing names one that could be set again. */
  version: string | null;
  /** How it was when it was replaced. */
  health: Health;
  /** Whether a rollback replaced it. */
  wasLeft: boolean;
}

/** A version that is there, with all that decides whether something is done about it. */
export interface Suspect {
  version: string;
  onFailure: PolicyEnvironment['onFailure'];
  health: Health;
  /** When it was merged. */
  since: Date;
  /** Whether a rollback brought it, or it is older than what it replaced. */
  isRollback: boolean;
  /** Whether a hold keeps it already. */
  isHeld: boolean;
  /** Whether it was live until something else of its environment was changed. */
  wasLiveBeforeOthers: boolean;
  /** What it replaced, the newest first. */
  earlier: readonly EarlierVersion[];
}

/** What is done about a version that fails. */
export type Response =
  | { act: 'rollback'; to: string; reason: string }
  | { act: 'hold'; reason: string }
  /** Nothing, and why a person has to: a sentence, empty where nothing is to be done. */
  | { act: 'none'; why: string };

/** What failed so long ago was seen by people: nobody rolls back what runs for days, because a policy is new. */
const LATEST_MS = 24 * 3_600_000;

const NOTHING: Response = { act: 'none', why: '' };

/**
 * What is done about a version: once, and only where it is told to be at fault. What is only late is no failure; what failed before it
 * came is not its own; a version that failed, or that somebody left, is no version to go back to, and what came by a rollback is not
 * rolled back.
 */
export function planResponse(suspect: Suspect, now: Date): Response {
  const { onFailure, health, since } = suspect;
  if (onFailure === undefined || health.state !== 'failed' || health.since === undefined) {
    return NOTHING;
  }
  const why = (text: string): Response => ({ act: 'none', why: `Nothing is done by itself: ${text}` });
  const after = health.since.getTime() - since.getTime();
  if (after > onFailure.withinMs) {
    return why(
      `it failed ${durationOf(minutes(after))} after its merge, and only what fails within ${durationOf(onFailure.withinMs)} is its own`,
    );
  }
  if (now.getTime() - since.getTime() > Math.max(LATEST_MS, 2 * onFailure.withinMs)) {
    return why(`it is there since ${isoSeconds(since)}, and people have seen it by now`);
  }
  const kept = suspect.isHeld ? 'it is held already' : undefined;
  const problem = kept ?? notItsOwn(suspect);
  if (problem !== undefined) {
    return why(problem);
  }
  const reason = `${suspect.version} failed within ${durationOf(onFailure.withinMs)} of its merge: ${health.reason}`;
  if (onFailure.act === 'hold') {
    return { act: 'hold', reason };
  }
  const to = targetOf(suspect);
  return to === undefined
    ? why('no version before it was seen live that did not fail, and was not rolled back')
    : { act: 'rollback', to, reason };
}

/** Why a failure is not told to be that of the version. */
function notItsOwn({ isRollback, wasLiveBeforeOthers, earlier }: Suspect): string | undefined {
  // What was replaced before it was seen says nothing: what was there before it does.
  const before = earlier.find(({ health }) => health.state !== 'pending' && health.state !== 'progressing');
  if (isRollback) {
    return 'it came by a rollback, and what fails after that is no version’s';
  }
  if (before?.health.state === 'failed') {
    return `${before.version ?? 'what was there before'} had failed too when it was replaced (${before.health.reason})`;
  }
  if (before?.health.state === 'unknown') {
    return `nobody knows whether ${before.version ?? 'what was there before'} was live when it was replaced (${before.health.reason})`;
  }
  return wasLiveBeforeOthers ? 'it was live until something else was changed there' : undefined;
}

/** What goes back with a version that it came with goes back to; `undefined` where it stays. */
export function siblingTarget(suspect: Suspect): string | undefined {
  return suspect.isHeld || suspect.isRollback ? undefined : targetOf(suspect);
}

/** The newest version before that was live, and of which nothing bad is known. */
function targetOf({ version, earlier }: Suspect): string | undefined {
  const bad = new Set(
    earlier.filter(({ health, wasLeft }) => wasLeft || health.state === 'failed').map((each) => each.version),
  );
  const found = earlier.find(
    (each) =>
      each.version !== null && each.version !== version && each.health.state === 'live' && !bad.has(each.version),
  );
  return found?.version ?? undefined;
}

/** Whole minutes, and one at least. */
function minutes(ms: number): number {
  return Math.max(1, Math.round(ms / 60_000)) * 60_000;
}
