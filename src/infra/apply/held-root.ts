import { activeHolds, EVERY, HOLDS_FILE, type Hold, holdReason, liftedBy, readHolds } from '../../ops/policy/holds.js';
import { capital } from '../../report/capital.js';
import type { InfraConfig } from '../config/infra-config.js';
import { environmentsOfRoot } from '../config/infra-policy.js';
import type { Root } from '../roots/find-roots.js';

/**
 * Why nothing of a root is applied although it is merged: it is held, or nobody can tell.
 *
 * @param holds text of the holds of the default branch; `undefined` where there are none
 * @returns a sentence; `undefined` where it is not held
 */
export function heldRoot(
  { name, settings }: Root,
  config: InfraConfig,
  holds: string | undefined,
  now: Date,
): string | undefined {
  let all: Hold[];
  try {
    all = readHolds(holds);
  } catch (error) {
    return `Nobody can tell whether it is held, for ${HOLDS_FILE} cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
  const own = environmentsOfRoot(settings.environment, config);
  const [hold] = (own.length === 0 ? [EVERY] : own).flatMap((each) => activeHolds(all, each, name, now));
  return hold === undefined ? undefined : `It is ${holdReason(hold)}. ${capital(liftedBy(hold))} lifts that.`;
}
