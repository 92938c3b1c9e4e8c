import type { Connected } from '../../../github/connected.js';
import { attempt } from '../../../github/errors.js';
import { operationIn } from '../../../github/try-operation.js';
import type { LedgerEntry } from '../../ledger/ledger.js';
import { readLedger } from '../../ledger/read-ledger.js';
import { healthReader } from '../../live/environment-health.js';
import { environmentApps } from '../../overlays/environment-apps.js';
import type { Health } from '../../policy/health.js';
import { placeOf } from '../../policy/places.js';
import type { Policy, PolicyEnvironment } from '../../policy/policy.js';
import type { ReadyPolicy } from '../../policy/ready-policy.js';
import type { HeldOnce } from '../../policy/rules.js';
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
  policy: Policy;
  changes: WatchedChange[];
  /** What is reported of each environment; one without apps is not in it. */
  environments: ReadonlyMap<string, Health>;
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
    const { policy } = places;
    const reporting = policy.environments.flatMap((each) =>
      each.ready === undefined ? [] : [{ ...each, ready: each.ready }],
    );
    const found = await Promise.all(reporting.map((environment) => changesOf(places, environment, now)));
    const environments = new Map(
      found.flatMap(({ name, health }) => (health === undefined ? [] : [[name, health] as const])),
    );
    const silent = policy.environments.filter(({ ready }) => ready === undefined).map(({ name }) => name);
    return { policy, changes: found.flatMap(({ changes }) => changes), environments, silent };
  });
}

interface Found {
  name: string;
  changes: WatchedChange[];
  health: Health | undefined;
}

async function changesOf(places: Places, environment: Reporting, now: Date): Promise<Found> {
  const { name, repository } = environment;
  const isEach = repository?.includes('{app}') === true;
  const homes = isEach ? [...places.policy.apps.keys()] : [''];
  const snapshots = await Promise.all(homes.map((app) => places.at(placeOf(environment, app))));
  const all = await Promise.all(snapshots.map((snapshot) => changesAt(snapshot, environment, now)));
  const worst = all.flatMap(({ health }) => health ?? []).find(({ state }) => state !== 'live');
  return { name, changes: all.flatMap(({ changes }) => changes), health: worst ?? all[0]?.health };
}

async function changesAt(snapshot: Snapshot, environment: Reporting, now: Date): Promise<Omit<Found, 'name'>> {
  const { ops, repo, reader, tree, layout } = snapshot;
  const { name, ready } = environment;
  const apps = (await environmentApps(tree, layout, name)).filter((app) => snapshot.isHere(name, app));
  await snapshot.readOverlays(apps.map((app) => ({ environment: name, app })));
  const head = { oid: repo.baseOid, branch: repo.base };
  const healthOf = healthReader({ ops, reader, head: repo.baseOid }, () => now);
  const enough = (entries: readonly LedgerEntry[]) => entries.length >= 2;
  let health: Health | undefined;
  const changes = await Promise.all(
    apps.map(async (app): Promise<WatchedChange[]> => {
      const source = { ...ops, reader, base: tree };
      const ledger = await readLedger(source, head, layout, name, app, { limit: MOST_VERSIONS, enough });
      const known: HeldOnce = ledger;
      const held = await healthOf(layout, environment, known);
      const [entry, ...earlier] = ledger.entries;
      health ??= held.health?.now;
      if (entry?.present !== true || held.health === undefined) {
        return [];
      }
      const own = held.health.of(app, entry.oid, undefined);
      return [{ environment: name, app, version: entry.version, entry, earlier, health: own, ready, ops }];
    }),
  );
  return { changes: changes.flat(), health };
}
