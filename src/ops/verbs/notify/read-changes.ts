import type { Connected } from '../../../github/connected.js';
import { attempt, isRequestFailure } from '../../../github/errors.js';
import { operationIn } from '../../../github/try-operation.js';
import type { DeliveryEvent } from '../../../notify/event.js';
import type { Receiver } from '../../../notify/receiver.js';
import { withAllApps } from '../../layouts/named-apps.js';
import type { LedgerEntry } from '../../ledger/ledger.js';
import { LOOK_BACK, readLedger } from '../../ledger/read-ledger.js';
import { environmentApps } from '../../overlays/environment-apps.js';
import { allEnvironments } from '../../overlays/environments.js';
import { HOME, type Place, placeKey, placeOf } from '../../policy/places.js';
import type { Policy } from '../../policy/policy.js';
import { NOBODY } from '../../repository/repository-state.js';
import { openPlaces, type Snapshot } from '../../repository/snapshot.js';
import type { AppEnvironment } from '../../tree/app-environment.js';
import { changesIn } from './changes-in.js';

export interface Changes {
  /** Oldest first. */
  events: DeliveryEvent[];
  /** Who is told. */
  receivers: readonly Receiver[];
  /** What could not be read, sentences. */
  warnings: string[];
}

/**
 * Reads what changed in every environment of an ops repository since a time. Environments that live in another repository are
 * left out, with a warning: what was told is kept on commits of this one.
 *
 * @param page of the repository, for links
 * @param given who is told; `undefined` where the policy says it
 * @throws ConfigError where the policy cannot be read; Error naming the permission that the token lacks
 */
export async function readChanges(
  ops: Connected,
  since: Date,
  page: string,
  given: readonly Receiver[] | undefined,
): Promise<Changes> {
  const operation = operationIn(ops.repository, 'read what changed', 'contents: read and pull-requests: read');
  return attempt(operation, async () => {
    const places = await openPlaces(ops, NOBODY, () => {});
    const { policy } = places;
    const receivers = given ?? policy.notify ?? [];
    if (receivers.length === 0) {
      return { events: [], receivers, warnings: [] };
    }
    const warnings: string[] = [];
    const found = await Promise.all(
      placesOf(policy, warnings).map(async (place) => changesAt(await places.at(place), since, page, warnings)),
    );
    return { events: found.flat(), receivers, warnings };
  });
}

/** Who is told by the policy of an ops repository. @throws as `readChanges` does */
export async function readReceivers(ops: Connected): Promise<readonly Receiver[]> {
  const operation = operationIn(ops.repository, 'read ostack.yaml', 'contents: read');
  return attempt(operation, async () => (await openPlaces(ops, NOBODY, () => {})).policy.notify ?? []);
}

/** The branches of this repository that environments live on. */
function placesOf({ environments }: Policy, warnings: string[]): Place[] {
  const away = environments.filter(({ repository }) => repository !== undefined).map(({ name }) => name);
  if (away.length > 0) {
    warnings.push(
      `Nobody is told of ${away.join(', ')} from here: it lives in another repository, where notify runs on its own.`,
    );
  }
  const here = environments.filter(({ repository }) => repository === undefined);
  const all = environments.length === 0 ? [HOME] : here.map((environment) => placeOf(environment, ''));
  return [...new Map(all.map((place) => [placeKey(place), place])).values()];
}

async function changesAt(opened: Snapshot, since: Date, page: string, warnings: string[]): Promise<DeliveryEvent[]> {
  const { tree, policy } = opened;
  const snapshot = { ...opened, layout: await withAllApps(tree, opened.layout, policy) };
  const { layout } = snapshot;
  const names = (await allEnvironments(tree, layout, policy)).filter((name) => snapshot.isHere(name, ''));
  const apps = await Promise.all(
    names.map(async (environment) => {
      const found = await environmentApps(tree, layout, environment);
      return found.map((app): AppEnvironment => ({ environment, app }));
    }),
  );
  await snapshot.readOverlays(apps.flat());
  const changes = await Promise.all(
    apps.flat().map((each) => unlessBroken(warnings, () => changesOf(snapshot, each, since, page))),
  );
  return changes.flat().sort((one, other) => one.at.localeCompare(other.at));
}

/** Reads back until the last change before the time: it has the version that the first one after it replaced. */
async function changesOf(
  { ops, repo, reader, tree, layout }: Snapshot,
  each: AppEnvironment,
  since: Date,
  page: string,
): Promise<DeliveryEvent[]> {
  const head = { oid: repo.baseOid, branch: repo.base };
  const enough = (entries: readonly LedgerEntry[]) => entries.some(({ at }) => at < since);
  const source = { ...ops, reader, base: tree };
  const ledger = await readLedger(source, head, layout, each.environment, each.app, { limit: LOOK_BACK, enough });
  return changesIn(ledger, each, since, page);
}

/** An overlay that cannot be read keeps back nothing of the others; a request that fails is no broken file. */
async function unlessBroken(warnings: string[], reading: () => Promise<DeliveryEvent[]>): Promise<DeliveryEvent[]> {
  try {
    return await reading();
  } catch (error) {
    if (isRequestFailure(error) || !(error instanceof Error)) {
      throw error;
    }
    warnings.push(error.message);
    return [];
  }
}
