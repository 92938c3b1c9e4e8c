import { compareVersions } from '../carriers/compare-versions.js';
import { activeHold, type Hold } from '../policy/holds.js';
import { type HeldOnce, hasAll, holdsAll } from '../policy/rules.js';
import type { HeldVersion } from './held-versions.js';

/**
 * Whether a version takes an environment back: to exactly what the environment's own files held before, by the history of the
 * default branch, and not to something newer than what it holds now. Where nobody can tell which of two versions is newer, the
 * change has to hold what it goes back to.
 *
 * @param history what the environment held of the app, newest first: what it holds now is the first of them
 * @param holds those after the change
 */
export function isRollback(
  { environment, app, version, targets, fresh }: HeldVersion,
  { entries }: HeldOnce,
  holds: readonly Hold[],
  now: Date,
): boolean {
  const [current, ...earlier] = entries;
  const wasHeld = earlier.some(
    (entry) =>
      entry.present &&
      entry.version === version &&
      targets.length > 0 &&
      holdsAll(entry.targets, targets) &&
      hasAll(entry.targets, fresh),
  );
  if (!wasHeld || current === undefined) {
    return false;
  }
  const order = compareVersions(
    { tag: (current.present ? current.version : null) ?? undefined },
    { tag: version ?? undefined },
  );
  return order === 'older' || (order !== 'newer' && activeHold(holds, environment, app, now)?.version === version);
}
