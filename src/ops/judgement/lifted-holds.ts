import { HOLDS_FILE, type Hold, heldThing, isOver, liftedBy, sameHold } from '../policy/holds.js';
import type { Problem } from '../tree/problem.js';
import type { HeldVersion } from './held-versions.js';

/** A change of holds and versions. */
interface Change {
  currentHolds: readonly Hold[];
  holds: readonly Hold[];
  /** What the environments hold after the change, of the apps that it can affect. */
  held: readonly HeldVersion[];
  /** Whether a version of an app goes back to what the environment held. */
  isBack(held: HeldVersion): boolean;
}

/**
 * Holds that a change lifts, or changes, together with a version: nobody sees then that the version would not have been let
 * in. Only a rollback replaces the hold of its own app, by one at what it goes back to.
 *
 * @returns a problem for each, with the environment of the hold
 */
export function liftedWithVersions(
  { currentHolds, holds, held, isBack }: Change,
  now: Date,
): { environment: string; problem: Problem }[] {
  const moves = held.filter((each) => each.moves);
  const lifted = currentHolds.filter((hold) => !isOver(hold, now) && !holds.some((other) => sameHold(hold, other)));
  const open = moves.length === 0 ? [] : lifted.filter((hold) => !moves.some((move) => isReplaced(hold, move)));
  return open.map(({ environment, app }) => {
    const versions = moves.map((move) => `${move.app} ${move.version ?? ''} in ${move.environment}`.replace('  ', ' '));
    const message = `It lifts the hold of ${heldThing({ environment, app })} and changes versions (${versions.join(', ')}): lift the hold in a pull request of its own, with ${liftedBy({ environment, app })}, and change versions after that is merged.`;
    return { environment, problem: { level: 'error', file: HOLDS_FILE, line: undefined, message } };
  });

  function isReplaced(hold: Hold, move: HeldVersion): boolean {
    const isIts = hold.environment === move.environment && hold.app === move.app;
    const isHeldAgain = holds.some(
      ({ environment, app, version }) =>
        environment === hold.environment && app === hold.app && version === move.version,
    );
    return isIts && isHeldAgain && isBack(move);
  }
}
