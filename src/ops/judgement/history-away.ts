import type { Connected } from '../../github/connected.js';
import { withNamedApps } from '../layouts/named-apps.js';
import { readLedger } from '../ledger/read-ledger.js';
import { healthReader } from '../live/environment-health.js';
import { isAway, placeOf } from '../policy/places.js';
import type { Policy } from '../policy/policy.js';
import type { HeldOnce } from '../policy/rules.js';
import { NOBODY } from '../repository/repository-state.js';
import { openPlaces, type Places } from '../repository/snapshot.js';
import { heldWithBase } from './held-in-base.js';

/** What is asked of a history. */
export interface AskedHistory {
  environment: string;
  app: string;
  /** How many versions are looked back for, and whether bases count. */
  extent: { limit: number; bases?: boolean };
  now: Date;
}

/**
 * Reads what environments held that live on other branches or in other repositories, each where it lives.
 *
 * @returns by what is asked: `undefined` for an environment that lives with the policy, whose history the caller knows
 */
export function historyAway(
  ops: Connected,
  { environments }: Pick<Policy, 'environments'>,
): (asked: AskedHistory) => Promise<HeldOnce> | undefined {
  let opened: Promise<Places> | undefined;
  return ({ environment, app, extent, now }) => {
    const said = environments.find(({ name }) => name === environment);
    if (said === undefined || !isAway(said)) {
      return undefined;
    }
    opened ??= openPlaces(ops, NOBODY, () => {});
    const reading = opened;
    return (async () => {
      const { policy: known, at } = await reading;
      const there = await at(
        placeOf(
          known.environments.find(({ name }) => name === environment),
          app,
        ),
      );
      const { tree, repo, reader, policy } = there;
      const layout = await withNamedApps(tree, there.layout, policy, [environment], [app]);
      const head = { oid: repo.baseOid, branch: repo.base };
      const source = { ...there.ops, reader, base: tree };
      const ledger = await readLedger(source, head, layout, environment, app, extent);
      const held = await heldWithBase(tree, layout, ledger, environment, app, now);
      return healthReader({ ...there, head: repo.baseOid }, () => now)(layout, said, held);
    })();
  };
}
