import { LOOK_BACK } from '../ledger/read-ledger.js';
import { healthReader } from '../live/environment-health.js';
import { environmentPolicy } from '../policy/policy.js';
import type { HeldOnce } from '../policy/rules.js';
import type { Snapshot } from '../repository/snapshot.js';
import { renderedAt, snapshotAt } from '../repository/snapshot-at.js';
import { ranAsRendered } from './rendered-history.js';

/**
 * What an environment ran of an app, with what is reported of it. Where its branch is rendered, that is what was rendered there, and
 * since when: what is written of it may be a pull request there still.
 *
 * @param written what it held where it is written
 * @throws what a failed request throws; Error where the branch cannot be read
 */
export async function ranOnce(
  snapshot: Snapshot,
  environment: string,
  app: string,
  written: HeldOnce,
): Promise<HeldOnce> {
  const held = await ranThere(snapshot, environment, app, written);
  const { ops, reader, repo, layout, now } =
    (await renderedAt(snapshot, environment, app)) ?? (await snapshotAt(snapshot, environment, app));
  const healthOf = healthReader({ ops, reader, head: repo.baseOid }, () => now);
  return healthOf(layout, environmentPolicy(snapshot.policy, environment), held);
}

/** The same without what is reported. @throws as `ranOnce` does */
export async function ranThere<H extends HeldOnce>(
  snapshot: Snapshot,
  environment: string,
  app: string,
  written: H,
): Promise<H | HeldOnce> {
  const rendered = await renderedAt(snapshot, environment, app);
  const sourceOf = () => snapshotAt(snapshot, environment, app);
  return rendered === undefined
    ? written
    : ranAsRendered(rendered, sourceOf, { environment, app, extent: { limit: LOOK_BACK } });
}
