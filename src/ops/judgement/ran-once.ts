import { LOOK_BACK, readLedger } from '../ledger/read-ledger.js';
import { healthReader } from '../live/environment-health.js';
import { environmentPolicy } from '../policy/policy.js';
import type { HeldEntry, HeldOnce } from '../policy/rules.js';
import type { Snapshot } from '../repository/snapshot.js';
import { renderedAt, snapshotAt } from '../repository/snapshot-at.js';

/**
 * What an environment ran of an app, with what is reported of it. Where its branch is rendered, that is what the manifests there had,
 * and since when: what is written of it may be a pull request there still.
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
  const rendered = await renderedAt(snapshot, environment, app);
  const held = rendered === undefined ? written : withUnrendered(await heldIn(rendered, environment, app), written);
  const { ops, reader, repo, layout, now } = rendered ?? (await snapshotAt(snapshot, environment, app));
  const healthOf = healthReader({ ops, reader, head: repo.baseOid }, () => now);
  return healthOf(layout, environmentPolicy(snapshot.policy, environment), held);
}

async function heldIn({ ops, reader, repo, tree, layout }: Snapshot, environment: string, app: string) {
  const head = { oid: repo.baseOid, branch: repo.base };
  return readLedger({ ...ops, reader, base: tree }, head, layout, environment, app, { limit: LOOK_BACK });
}

/**
 * What manifests had, with what none of them says: versions of charts and of remote bases. Of those counts what was written then.
 *
 * @param ran by the manifests
 * @param written where they are rendered from
 */
export function withUnrendered(ran: HeldOnce, written: HeldOnce): HeldOnce {
  if (written.entries.every((entry) => unrendered(entry).length === 0)) {
    return ran;
  }
  const times = [...new Set([...ran.entries, ...written.entries].map(({ at }) => at.getTime()))];
  const entries = times
    .sort((one, other) => other - one)
    .flatMap((time): HeldEntry[] => {
      const [runs, source] = [ran, written].map((held) => held.entries.find(({ at }) => at.getTime() <= time));
      const isOfImages = source === undefined || source.targets.some(({ kind }) => kind === 'image');
      return runs === undefined
        ? []
        : [
            {
              ...{ ...runs, at: new Date(time), version: isOfImages ? runs.version : source.version },
              targets: [...runs.targets, ...unrendered(source)],
            },
          ];
    });
  return { ...ran, entries, complete: ran.complete && written.complete };
}

function unrendered(entry: HeldEntry | undefined): HeldEntry['targets'] {
  return entry?.targets.filter(({ kind }) => kind !== 'image') ?? [];
}
