import type { Connected } from '../../../github/connected.js';
import { attempt } from '../../../github/errors.js';
import { operationIn } from '../../../github/try-operation.js';
import { compareVersions } from '../../carriers/compare-versions.js';
import { ROLLBACK } from '../../ledger/action-names.js';
import { entryVersion } from '../../ledger/entry-version.js';
import type { Ledger, LedgerEntry } from '../../ledger/ledger.js';
import { LOOK_BACK, readLedger } from '../../ledger/read-ledger.js';
import { healthReader } from '../../live/environment-health.js';
import { environmentApps } from '../../overlays/environment-apps.js';
import type { CheckedVersion, Health, HealthHistory } from '../../policy/health.js';
import { activeHold } from '../../policy/holds.js';
import { placesOf } from '../../policy/places.js';
import type { PolicyEnvironment } from '../../policy/policy.js';
import type { ReadyPolicy } from '../../policy/ready-policy.js';
import type { VerifyPolicy } from '../../policy/verify-policy.js';
import { NOBODY } from '../../repository/repository-state.js';
import { openPlaces, type Places, type Snapshot } from '../../repository/snapshot.js';
import { type EarlierVersion, planResponse, type Response, type Suspect, siblingTarget } from './plan-response.js';

/** Versions of an app that are read: the current one, and those that it replaced since somebody looked. */
const MOST_VERSIONS = 4;

/** How far is looked back where a version fails. */
const ALL = { limit: LOOK_BACK };

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
  /** The workflow that verifies it; missing for none. */
  verify?: VerifyPolicy | undefined;
  /** What is known of its checks; missing where nothing is checked. */
  checked?: CheckedVersion | undefined;
  /** What is done about it; missing for nothing. */
  response?: Response;
  /** The repository that the environment lives in. */
  ops: Connected;
}

/** All that is watched. */
export interface Watched {
  changes: WatchedChange[];
  /** Environments of which nothing says what reports. */
  silent: readonly string[];
  /** The default branch of the repository that has the policy. */
  branch: string;
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
    return { changes: found.flat(), silent, branch: places.branch };
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
  const source = { ...ops, reader, base: tree };
  const suspect = async (app: string, health: Health) => {
    const full = await healthOf(layout, environment, await readLedger(source, head, layout, name, app, ALL));
    return suspectOf(environment, app, full, activeHold(snapshot.holds, name, app, now) !== undefined, health);
  };
  const changes = await Promise.all(
    apps.map(async (app): Promise<WatchedChange[]> => {
      const ledger = await readLedger(source, head, layout, name, app, { limit: MOST_VERSIONS, enough });
      const held = await healthOf(layout, environment, ledger);
      const [entry, ...earlier] = ledger.entries;
      if (entry?.present !== true || held.health === undefined) {
        return [];
      }
      const health = held.health.of(app, entry.oid, undefined);
      const change: WatchedChange = {
        ...{ environment: name, app, version: entry.version, entry, earlier, health, ready, ops },
        ...{ verify: environment.verify, checked: held.health.checksOf?.(app, entry.oid) },
      };
      return environment.onFailure === undefined || health.state !== 'failed'
        ? [change]
        : [{ ...change, response: planResponse(await suspect(app, health), now) }];
    }),
  );
  return withSiblings(changes.flat(), suspect);
}

/** What came together with a version that is taken back goes back with it, where there is something to go back to. */
function withSiblings(
  changes: readonly WatchedChange[],
  suspect: (app: string, health: Health) => Promise<Suspect>,
): Promise<WatchedChange[]> {
  return Promise.all(
    changes.map(async (change) => {
      const blamed = changes.find(
        ({ entry, response }) => entry.oid === change.entry.oid && response?.act === 'rollback',
      );
      if (blamed === undefined || change.response?.act === 'rollback') {
        return change;
      }
      const to = siblingTarget(await suspect(change.app, change.health));
      const reason = `it came with ${blamed.app} ${blamed.version ?? ''}, which failed`;
      return to === undefined ? change : { ...change, response: { act: 'rollback', to, reason } };
    }),
  );
}

/** All that decides whether something is done about a version that fails. */
function suspectOf(
  { onFailure }: PolicyEnvironment,
  app: string,
  { entries, health: history }: Pick<Ledger, 'entries'> & { health?: HealthHistory | undefined },
  isHeld: boolean,
  health: Health,
): Suspect {
  const [current, before] = entries;
  const isBack = ({ trailers }: LedgerEntry) => trailers?.action === ROLLBACK;
  const order =
    current === undefined || before === undefined
      ? undefined
      : compareVersions({ tag: entryVersion(before) }, { tag: entryVersion(current) });
  const earlier = entries.slice(1).map((entry, index): EarlierVersion => {
    const next = entries[index];
    const isWhole = entry.present && entry.places === undefined && entry.targets.length > 0;
    return {
      version: isWhole ? entryVersion(entry) : null,
      health: (next && history?.was?.(app, entry.oid, next.oid)) ?? UNTOLD,
      wasLeft: next !== undefined && isBack(next),
    };
  });
  return {
    ...{ version: current === undefined ? '' : entryVersion(current), onFailure, health, isHeld, earlier },
    since: current?.at ?? new Date(0),
    isRollback: current !== undefined && (isBack(current) || order === 'older'),
    wasLiveBeforeOthers: current !== undefined && history?.wasLiveBeforeOthers?.(app, current.oid) === true,
  };
}

const UNTOLD: Health = { state: 'unknown', since: undefined, reason: 'nothing was read of it', url: '' };
