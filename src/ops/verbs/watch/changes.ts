import type { Connected } from '../../../github/connected.js';
import { attempt } from '../../../github/errors.js';
import { operationIn } from '../../../github/try-operation.js';
import type { LedgerEntry } from '../../ledger/ledger.js';
import { readLedger } from '../../ledger/read-ledger.js';
import { healthReader } from '../../live/environment-health.js';
import { environmentApps } from '../../overlays/environment-apps.js';
import type { Health } from '../../policy/health.js';
import { placesOf } from '../../policy/places.js';
import type { PolicyEnvironment } from '../../policy/policy.js';
import type { ReadyPolicy } from '../../policy/ready-policy.js';
import { NOBODY } from '../../repository/repository-state.js';
import { openPlaces, type Places, type Snapshot } from '../../repository/snapshot.js';

/** Versions of an app that are read: the current one, and those that it replaced since somebody looked. */
const MOST_VERSIONS = 4;

/** An environment whose policy says what reports. */
type Reporting = PolicyEnvironment & { ready: ReadyPolicy };

/** An app's current version in an environment, and what is reported of it. */
export interface WatchedChange {
  environment: string;
  app: string;
  /** For people; `null` where nothing names one. */
  version: string | null;
  entry: LedgerEntry;
  /** What it replaced, the newest first. */
  earlier: readonly LedgerEntry[];
  /** Of this version. */
  health: Health;
  ready: ReadyPolicy;
  /** The repository that the environment lives in. */
  ops: Connected;
}

/** All that is watched. */
export interface Watched {
  changes: WatchedChange[];
  /** Environments of which nothing says what reports. */
  silent: readonly string[];
}

/**
 * Reads the current version of each app in each environment whose policy says what reports, and what is reported of it. Requests grow
 * with the apps, and are joined.
 *
 * @throws Error where the repository cannot be read
 */
export async function readChanges(ops: Connected, now: Date, warn: (message: string) => void): Promise<Watched> {
  const operation = operationIn(ops.repository, 'read what its environments run', 'contents: read and statuses: read');
  return attempt(operation, async () => {
    const places = await openPlaces(ops, NOBODY, warn);
    const { environments } = places.policy;
    const reporting = environments.flatMap((each) =>
      each.ready === undefined ? [] : [{ ...each, ready: each.ready }],
    );
    const found = await Promise.all(reporting.map((environment) => changesOf(places, environment, now)));
    const silent = environments.filter(({ ready }) => ready === undefined).map(({ name }) => name);
    return { changes: found.flat(), silent };
  });
}

async function changesOf(places: Places, environment: Reporting, now: Date): Promise<WatchedChange[]> {
  const homes = placesOf(environment, places.policy);
  const snapshots = await Promise.all(homes.map((place) => places.at(place)));
  const all = await Promise.all(snapshots.map((snapshot) => changesAt(snapshot, environment, now)));
  return all.flat();
}

async function changesAt(snapshot: Snapshot, environment: Reporting, now: Date): Promise<WatchedChange[]> {
  const { ops, repo, reader, tree, layout } = snapshot;
  const { name, ready } = environment;
  const apps = (await environmentApps(tree, layout, name)).filter((app) => snapshot.isHere(name, app));
  await snapshot.readOverlays(apps.map((app) => ({ environment: name, app })));
  const head = { oid: repo.baseOid, branch: repo.base };
  const healthOf = healthReader({ ops, reader, head: repo.baseOid }, () => now);
  const enough = (entries: readonly LedgerEntry[]) => entries.length >= 2;
  const changes = await Promise.all(
    apps.map(async (app): Promise<WatchedChange[]> => {
      const source = { ...ops, reader, base: tree };
      const ledger = await readLedger(source, head, layout, name, app, { limit: MOST_VERSIONS, enough });
      const { health: history } = await healthOf(layout, environment, ledger);
      const [entry, ...earlier] = ledger.entries;
      if (entry?.present !== true || history === undefined) {
        return [];
      }
      const health = history.of(app, entry.oid, undefined);
      return [{ environment: name, app, version: entry.version, entry, earlier, health, ready, ops }];
    }),
  );
  return changes.flat();
}
