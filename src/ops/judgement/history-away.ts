import type { Connected } from '../../github/connected.js';
import { isExplainedRefusal, isRequestFailure } from '../../github/errors.js';
import { layoutAt } from '../layouts/layout-at.js';
import { withNamedApps } from '../layouts/named-apps.js';
import { readLedger } from '../ledger/read-ledger.js';
import { healthReader } from '../live/environment-health.js';
import { HOME, isOfEachApp, livesAt, type Place, placeKey, placeName, placeOf } from '../policy/places.js';
import type { Policy } from '../policy/policy.js';
import type { HeldEntry, HeldOnce } from '../policy/rules.js';
import { NOBODY } from '../repository/repository-state.js';
import { openPlaces, type Places, type Snapshot } from '../repository/snapshot.js';
import { writtenAtHome } from '../repository/source-places.js';
import { type StrangerIn, strangerIn } from './app-commits.js';
import { heldWithBase } from './held-in-base.js';
import { type RenderedFrom, ranAsRendered } from './rendered-history.js';

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
 * @param app slug of the App that has to have rendered what counts; missing where nobody knows it
 */
export function historyAway(
  ops: Connected,
  { environments }: Pick<Policy, 'environments'>,
  here: Place = HOME,
  app?: string,
): HistoryAway {
  let opened: Promise<Places> | undefined;
  const known = new Map<string, Promise<HeldOnce>>();
  const strangers = new Map<string, StrangerIn>();
  const strangerAt = (place: Place, at: Snapshot) => {
    if (app === undefined) {
      return undefined;
    }
    const own = strangers.get(placeKey(place)) ?? strangerIn(at.ops, at.repo.base, app);
    strangers.set(placeKey(place), own);
    return own;
  };
  return (asked) => {
    const { environment } = asked;
    const said = environments.find(({ name }) => name === environment);
    if (said === undefined || isHere(said, asked.app, here)) {
      return undefined;
    }
    const key = JSON.stringify(asked);
    opened ??= openPlaces(ops, NOBODY, () => {});
    const reading = known.get(key) ?? readAway(opened, asked, strangerAt);
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
async function readAway(opened: Promise<Places>, asked: AskedHistory, strangerAt: StrangerAt): Promise<HeldOnce> {
  const { policy } = await opened;
  const lodging = policy.environments.find(({ name }) => name === asked.environment);
  const place = placeOf(lodging, asked.app);
  try {
    return await readAt(opened, place, asked, strangerAt);
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

type StrangerAt = (place: Place, at: Snapshot) => StrangerIn | undefined;

async function readAt(
  opened: Promise<Places>,
  place: Place,
  { environment, app, extent, now, isPast = false }: AskedHistory,
  strangerAt: StrangerAt,
): Promise<HeldOnce> {
  const { policy, at } = await opened;
  const lodging = policy.environments.find(({ name }) => name === environment);
  const there = await at(place);
  const { tree, repo, reader } = there;
  const layout = await withNamedApps(tree, there.layout, policy, [environment], [app]);
  const health = (held: HeldOnce) =>
    isPast || lodging === undefined
      ? held
      : healthReader({ ...there, head: repo.baseOid }, () => now)(layout, lodging, held);
  if (layout.isRendered === true) {
    const sourceOf = () => sourceAt(opened, environment, app);
    const asked = { environment, app, extent, until: now };
    return health(heldAt(await ranAsRendered({ ...there, layout }, sourceOf, asked, strangerAt(place, there)), now));
  }
  const head = { oid: repo.baseOid, branch: repo.base };
  const ledger = await readLedger({ ...there.ops, reader, base: tree }, head, layout, environment, app, extent);
  const then = isPast ? heldAt(ledger, now) : ledger;
  // What the tree has now says nothing of a time before it came, and neither does what is reported now.
  if (then !== ledger) {
    return then;
  }
  return health(await heldWithBase(tree, layout, ledger, environment, app, now));
}

/** Where an environment is rendered from: the default branch of the policy's own repository. */
async function sourceAt(opened: Promise<Places>, environment: string, app: string): Promise<RenderedFrom> {
  const { policy, at } = await opened;
  const home = await at(HOME);
  const own = writtenAtHome(policy, new Set([environment]));
  const located = await layoutAt(home.tree, own, HOME);
  return { ...home, layout: await withNamedApps(home.tree, located, own, [environment], [app]) };
}

/** What an environment held at a time. */
export function heldAt(held: HeldOnce, time: Date): HeldOnce {
  const isLater = ({ at }: HeldEntry) => at > time;
  return held.entries.some(isLater) ? { ...held, entries: held.entries.filter((each) => !isLater(each)) } : held;
}
