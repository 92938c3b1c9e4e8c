import { compareVersions } from '../carriers/compare-versions.js';
import { activeHold, type Hold } from '../policy/holds.js';
import { type HeldEntry, type HeldOnce, hasAll, holdsAll } from '../policy/rules.js';
import type { HeldVersion } from './held-versions.js';

/**
 * Whether a version takes an environment back: to exactly what the environment held before, by the history of the default
 * branch, and not to something newer than what it holds now. Where nobody can tell which of two versions is newer, the change has
 * to hold what it goes back to.
 *
 * @param history what the environment held of the app, newest first: what it holds now is the first of them
 * @param holds those after the change
 */
export function isRollback(held: HeldVersion, history: HeldOnce, holds: readonly Hold[], now: Date): boolean {
  const { version, targets, fresh } = held;
  const [, ...earlier] = history.entries;
  const hadIt = (entry: Pick<HeldEntry, 'version' | 'targets'>) =>
    entry.version === version && targets.length > 0 && holdsAll(entry.targets, targets) && hasAll(entry.targets, fresh);
  // Places of one app go back together, also to what one of them had.
  const wasHeld = earlier.some((entry) => entry.present && [entry, ...(entry.places ?? [])].some(hadIt));
  return wasHeld && isBackwards(held, history, holds, now);
}

/** Whether a version is none that goes on from what the environment holds now, whether it held it before or not. */
export function isBackwards(
  { environment, app, version, places }: HeldVersion,
  { entries: [current] }: HeldOnce,
  holds: readonly Hold[],
  now: Date,
): boolean {
  if (current === undefined) {
    return false;
  }
  const isHeldThere = activeHold(holds, environment, app, now)?.version === version;
  return currentVersions(current, places).every((tag) => {
    const order = compareVersions({ tag }, { tag: version ?? undefined });
    return order === 'older' || (order !== 'newer' && isHeldThere);
  });
}

/** What places have now. */
function currentVersions({ present, version, places = [] }: HeldEntry, of: readonly string[]): (string | undefined)[] {
  const own = places.filter(({ place }) => of.includes(place)).map((each) => each.version);
  return (own.length === 0 ? [present ? version : null] : own).map((each) => each ?? undefined);
}
