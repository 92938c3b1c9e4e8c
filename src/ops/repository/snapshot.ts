import { type Connected, nameOf } from '../../github/connected.js';
import type { RepositoryName } from '../../github/context.js';
import { attempt, isRequestFailure } from '../../github/errors.js';
import { RECORD } from '../../materialize/manifests/record.js';
import { layoutAt } from '../layouts/layout-at.js';
import type { Layout } from '../overlays/layout.js';
import { EVERY, type Hold, isOver, readHolds } from '../policy/holds.js';
import { HOME, isAway, livesAt, type Place, placeKey, placeName, placeOf, settledPolicy } from '../policy/places.js';
import type { Policy } from '../policy/policy.js';
import type { AppEnvironment } from '../tree/app-environment.js';
import { connectedAt } from './connected-at.js';
import { type OpenRepository, openRepository } from './open-repository.js';
import { readFolders } from './read-folders.js';
import type { People } from './repository-state.js';
import { readersOf, type Sources, sourcesOf } from './source-places.js';
import { refuseSources, refuseUntold } from './untold-places.js';

/** An open ops repository with all that says where apps run and what may change: what verbs plan on. */
export interface Snapshot extends OpenRepository {
  /** The repository that has the policy, whichever one was opened. */
  home: RepositoryName;
  /** Which one was opened. */
  place: Place;
  holds: readonly Hold[];
  layout: Layout;
  /** Why nobody can tell where overlays are; missing where it is known. */
  unclear?: Error;
  /** Reads whole overlays into `tree`, many of them in few requests. */
  readOverlays(appEnvironments: readonly AppEnvironment[]): Promise<void>;
  /** Whether an app in an environment lives in what was opened; so does what is meant for every app or environment. */
  isHere(environment: string, app: string): boolean;
  /**
   * The snapshot of where an app in an environment lives, opened once: this one, where it is here.
   *
   * @throws Error when it cannot be read, or nothing tells where overlays are there
   */
  at(environment: string, app: string): Promise<Snapshot>;
  /**
   * The snapshot of the branch that is rendered from there, which has what runs of the app: order and soak times go by it.
   *
   * @returns `undefined` where nothing is rendered, so that what is written runs
   * @throws Error as `at` does
   */
  running(environment: string, app: string): Promise<Snapshot> | undefined;
}

/** Opens what a verb plans on. */
export type TakeSnapshot = (ops: Connected, people: People, warn: (message: string) => void) => Promise<Snapshot>;

/**
 * Opens an ops repository and reads its holds and where its overlays are: one request, and up to three where
 * neither the policy nor the root of the tree tells that.
 *
 * @throws Error when it cannot be read, its policy or holds are broken, nothing tells where overlays are, or environments live
 *   on other branches: who asks for one snapshot knows of one branch
 */
export async function takeSnapshot(ops: Connected, people: People, warn: (message: string) => void): Promise<Snapshot> {
  const places = await openPlaces(ops, people, warn, { isSource: true });
  const [untold] = places.untold.values();
  if (untold !== undefined) {
    throw untold;
  }
  refuseAway(places.policy, nameOf(ops));
  return places.at(HOME);
}

/** All places of an ops repository, each opened once. */
export interface Places {
  /** That of the default branch of the ops repository. */
  policy: Policy;
  /** That branch. */
  branch: string;
  /** Why nobody knows of environments whether their branches are rendered, by name; empty for all but writers. */
  untold: Sources['untold'];
  /** @throws Error when it cannot be read, its holds are broken, or nothing tells where overlays are */
  at(place: Place): Promise<Snapshot>;
}

/**
 * Opens an ops repository, and with it the branches and repositories that its environments live on: the only way to an
 * environment's tree. The policy is that of the default branch, whatever the others have.
 *
 * @throws Error when it cannot be read, or its policy or holds are broken
 */
export async function openPlaces(
  ops: Connected,
  people: People,
  warn: (message: string) => void,
  { isAnyway = false, isSource = false }: PlacesFor = {},
): Promise<Places> {
  const opened = await openRepository(ops, people, warn, undefined, isAnyway);
  const settled = settledPolicy(opened.policy, nameOf(ops), opened.repo.base);
  const opening = { opened, people, isAnyway, homeHolds: readHolds(opened.repo.holdsText) };
  const places = placesBy(opening, { policy: settled, untold: new Map() });
  return isSource ? placesBy(opening, await sourcesOf(ops, settled, readersOf(ops, opened.reader)), places) : places;
}

/** What all places of an ops repository are opened with. */
interface Opening {
  opened: OpenRepository;
  people: People;
  isAnyway: boolean;
  homeHolds: readonly Hold[];
}

/**
 * The places that a policy speaks of.
 *
 * @param sources that policy
 * @param rendering the places with what is rendered from these, where these are of sources
 */
function placesBy(opening: Opening, sources: Sources, rendering?: Places): Places {
  const { opened, people, isAnyway, homeHolds } = opening;
  const { policy, untold } = sources;
  const home = { ...opened, policy };
  const known = new Map<string, Promise<Snapshot>>();
  const read = async (place: Place): Promise<Snapshot> => {
    const away = { branch: place.branch, policy };
    const isHome = !isAway(place);
    refuseUntold(sources, place);
    const open = isHome ? home : await openRepository(connectedAt(opened.ops, place), people, opened.warn, away);
    if (isHome && !isAnyway) {
      await refuseSources(open.tree, sources);
    }
    const snapshot = await snapshotOf(open, place, isAnyway, at, rendering);
    const { isRendered = false } = snapshot.layout;
    if (isRendered && rendering !== undefined) {
      throw new Error(renderedMessage(place));
    }
    const own = readHolds(open.repo.holdsText);
    const holds = isHome ? homeHolds : holdsAt(place, own, homeHolds, home, { isAnyway, isRendered });
    return { ...snapshot, holds, home: opened.ops.repository, place };
  };
  const at = (place: Place): Promise<Snapshot> => {
    const snapshot = known.get(placeKey(place)) ?? read(place);
    known.set(placeKey(place), snapshot);
    return snapshot;
  };
  return { policy, untold, branch: opened.repo.base, at };
}

/** What places are opened for. */
export interface PlacesFor {
  /**
   * What works wherever overlays are, such as an emergency stop: where nothing tells that, there are none, and the snapshot says why.
   * Of an infra repository there are none either, and nothing is unclear.
   */
  isAnyway?: boolean;
  /** To write: then an environment whose branch is rendered lives where it is rendered from. */
  isSource?: boolean;
}

/** What a verb writes into rendered manifests is gone with the next rendering. */
export function renderedMessage(place: Place): string {
  return (
    `${placeName(place)} has what materialize renders (${RECORD}), and what is written there is gone with the next rendering. ` +
    'Its source is found on the default branch, but not where promotions merge branches ("promotion: merge") or each app has a ' +
    'repository of its own ("{app}"): name the branch that has the source in ostack.yaml.'
  );
}

/** A verb that knows of one branch would find nothing of an environment on another one, and call that a success. */
export function refuseAway({ environments }: Policy, repository: string): void {
  const away = environments.find(isAway);
  if (away !== undefined) {
    throw new Error(
      `${away.name} lives on ${placeName({ branch: away.branch, repository: away.repository })} by ostack.yaml of ${repository}, and this ` +
        'action knows the default branch alone: change what you want there by hand, in a pull request into that branch. bump, ' +
        'promote, rollback, hold, lift-hold and status know of branches.',
    );
  }
}

/**
 * The holds of a place, with those of everything. One of the environment that is written at home holds nothing there, unless that is
 * where its source is.
 */
function holdsAt(
  place: Place,
  own: readonly Hold[],
  home: readonly Hold[],
  { policy, now }: OpenRepository,
  { isAnyway, isRendered }: { isAnyway: boolean; isRendered: boolean },
): readonly Hold[] {
  const here = policy.environments.filter((each) => livesAt(each, place)).map(({ name }) => name);
  const lost = home.find((hold) => here.includes(hold.environment) && !isOver(hold, now));
  if (isRendered) {
    return [...own, ...home.filter(({ environment }) => environment === EVERY || here.includes(environment))];
  }
  if (lost !== undefined && !isAnyway) {
    throw new Error(
      `.ostack/holds.yaml on the default branch holds ${lost.app} in ${lost.environment}, which lives on ${placeName(place)}: a ` +
        'hold counts on the branch of its environment. Move it to .ostack/holds.yaml there.',
    );
  }
  return [...own, ...home.filter(({ environment }) => environment === EVERY)];
}

async function snapshotOf(
  open: OpenRepository,
  place: Place,
  isAnyway: boolean,
  at: (place: Place) => Promise<Snapshot>,
  rendering: Places | undefined,
): Promise<Omit<Snapshot, 'home' | 'place' | 'holds'>> {
  const { ops, repo, policy, opsTree } = open;
  const operation = { doing: 'read the files', repository: nameOf(ops), permission: 'contents: read' };
  const located = await attempt(operation, async () => {
    try {
      return { layout: open.infra === undefined ? await layoutAt(open.tree, policy, place) : { templates: [] } };
    } catch (error) {
      if (isRequestFailure(error) || !(error instanceof Error) || !isAnyway) {
        throw error;
      }
      return { layout: { templates: [] }, unclear: error };
    }
  });
  const { layout } = located;
  const said = (environment: string) => policy.environments.find(({ name }) => name === environment);
  const isHere = (environment: string, app: string) => {
    const known = said(environment);
    // Where every app has a repository of its own, what is meant for all of them is meant for this one.
    return known !== undefined && (app === '' || app === EVERY)
      ? livesAt(known, place)
      : placeKey(placeOf(known, app)) === placeKey(place);
  };
  return {
    ...{ ...open, ...located, layout: { ...layout, branch: repo.base, repository: nameOf(ops) } },
    readOverlays: (appEnvironments) =>
      attempt(operation, () => readFolders(opsTree, repo.baseOid, layout, appEnvironments)),
    isHere: (environment, app) => environment === EVERY || isHere(environment, app),
    at: (environment, app) => at(placeOf(said(environment), app)),
    running: (environment, app) => {
      const rendered = rendering?.policy.environments.find(({ name }) => name === environment);
      const there = placeOf(rendered, app);
      return rendering === undefined || placeKey(there) === placeKey(placeOf(said(environment), app))
        ? undefined
        : rendering.at(there);
    },
  };
}
