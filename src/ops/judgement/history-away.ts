import type { Connected } from '../../github/connected.js';
import { isExplainedRefusal, isRequestFailure } from '../../github/errors.js';
import { withNamedApps } from '../layouts/named-apps.js';
import { readLedger } from '../ledger/read-ledger.js';
import { healthReader } from '../live/environment-health.js';
import { HOME, isOfEachApp, livesAt, type Place, placeKey, placeName, placeOf } from '../policy/places.js';
import type { Policy } from '../policy/policy.js';
import type { HeldEntry, HeldOnce } from '../policy/rules.js';
import { NOBODY } from '../repository/repository-state.js';
import { openPlaces, type Places } from '../repository/snapshot.js';
import { heldWithBase } from './held-in-base.js';

/** Nobody can tell what an environment ran that lives in another repository. It has no cause: a failed request would stop the whole run. */
export class UnknownHistory extends Error {
  /** Whether it may be known the next time: GitHub did not refuse, it failed. */
  readonly isPassing: boolean;

  constructor(message: string, isPassing: boolean) {
    super(message);
    this.isPassing = isPassing;
  }
}

/** What is asked of a history. */
export interface AskedHistory {
  environment: string;
  app: string;
  /** How many versions are looked back for, and whether bases count. */
  extent: { limit: number; bases?: boolean };
  now: Date;
  /** Whether that is a time in the past: what came later is left out. */
  isPast?: boolean;
}

/** Reads what environments held that live elsewhere; `undefined` for one whose history the caller knows. */
export type HistoryAway = (asked: AskedHistory) => Promise<HeldOnce> | undefined;

/**
 * Reads what environments held that live elsewhere than what is judged, each where it lives. What is asked twice is read once.
 *
 * @param policy a settled one where `here` is no default branch
 * @param here where what is judged goes
 */
export function historyAway(
  ops: Connected,
  { environments }: Pick<Policy, 'environments'>,
  here: Place = HOME,
): HistoryAway {
  let opened: Promise<Places> | undefined;
  const known = new Map<string, Promise<HeldOnce>>();
  return (asked) => {
    const { environment } = asked;
    const said = environments.find(({ name }) => name === environment);
    if (said === undefined || isHere(said, asked.app, here)) {
      return undefined;
    }
    const key = JSON.stringify(asked);
    opened ??= openPlaces(ops, NOBODY, () => {});
    const reading = known.get(key) ?? readAway(opened, asked);
    known.set(key, reading);
    return reading;
  };
}

/** Whether an app in an environment lives at a place: where every app has a repository of its own, that of another app is none. */
function isHere(said: Policy['environments'][number], app: string, here: Place): boolean {
  return app === '' || !isOfEachApp(said.repository)
    ? livesAt(said, here)
    : placeKey(placeOf(said, app)) === placeKey(here);
}

/**
 * Reads what an environment held where it lives. One repository that nobody reaches keeps nobody from judging what goes by others.
 *
 * @throws UnknownHistory where another repository cannot be read, and what a failed request throws
 */
async function readAway(opened: Promise<Places>, asked: AskedHistory): Promise<HeldOnce> {
  const { policy } = await opened;
  const lodging = policy.environments.find(({ name }) => name === asked.environment);
  const place = placeOf(lodging, asked.app);
  try {
    return await readAt(opened, place, asked);
  } catch (error) {
    if (place.repository === undefined || !isRequestFailure(error)) {
      throw error;
    }
    const why = error instanceof Error ? error.message : String(error);
    throw new UnknownHistory(
      `nobody can tell what ${asked.environment} ran, which lives on ${placeName(place)}. ${why}`,
      !isExplainedRefusal(error),
    );
  }
}

async function readAt(
  opened: Promise<Places>,
  place: Place,
  { environment, app, extent, now, isPast = false }: AskedHistory,
): Promise<HeldOnce> {
  const { policy, at } = await opened;
  const lodging = policy.environments.find(({ name }) => name === environment);
  const there = await at(place);
  const { tree, repo, reader } = there;
  const layout = await withNamedApps(tree, there.layout, policy, [environment], [app]);
  const head = { oid: repo.baseOid, branch: repo.base };
  const ledger = await readLedger({ ...there.ops, reader, base: tree }, head, layout, environment, app, extent);
  const then = isPast ? heldAt(ledger, now) : ledger;
  // What the tree has now says nothing of a time before it came, and neither does what is reported now.
  if (then !== ledger) {
    return then;
  }
  const held = await heldWithBase(tree, layout, ledger, environment, app, now);
  const healthOf = healthReader({ ...there, head: repo.baseOid }, () => now);
  return isPast || lodging === undefined ? held : healthOf(layout, lodging, held);
}

/** What an environment held at a time. */
export function heldAt(held: HeldOnce, time: Date): HeldOnce {
  const isLater = ({ at }: HeldEntry) => at > time;
  return held.entries.some(isLater) ? { ...held, entries: held.entries.filter((each) => !isLater(each)) } : held;
}
