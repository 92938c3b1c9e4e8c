import type { Target } from '../carriers/carrier.js';
import { chartMoves } from '../carriers/chart-moves.js';
import { type Deployed, deployedIn, deployedTargets, sameDeployed } from '../carriers/deployed.js';
import type { OverlayFile } from '../carriers/overlay-file.js';
import { isSameThing, isSameVersion, tagOf } from '../carriers/target.js';
import { carrierTemplates, templatesOf } from '../overlays/carrier-files.js';
import { deployedWith, effectiveVersions } from '../overlays/effective-versions.js';
import { appsByTemplate, environmentApps } from '../overlays/environment-apps.js';
import { layeredOverlaysOf } from '../overlays/layered-overlay.js';
import { inEnvironment, isPerApp, type Layout, overlayFolder } from '../overlays/layout.js';
import { readOverlay } from '../overlays/overlay.js';
import type { OverlayPath } from '../overlays/overlay-path.js';
import { overlaysOfPath } from '../overlays/overlays-of-path.js';
import { type DeployedPlace, deployedPlaces } from '../overlays/version-places.js';
import type { AppEnvironment } from '../tree/app-environment.js';
import type { Problem } from '../tree/problem.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { InvalidYaml } from '../yaml/parse.js';
import type { RepositoryChange, RepositorySide } from './repository-change.js';
import type { Root } from './roots.js';

/** What an environment holds of an app after a change, in places to which the same happens. */
export interface HeldVersion extends AppEnvironment {
  /** Where it does so: folders or files, of which it may have several, such as clusters. */
  places: readonly string[];
  version: string | null;
  /** What it holds; of charts only those whose version is another one than before. */
  targets: readonly Target[];
  /** What becomes of its charts, for people: `chart ingress-nginx 4.9.0 -> 4.10.1`; missing for none. */
  charts?: readonly string[];
  /** Images by digest alone. */
  pinned: Deployed['pinned'];
  /** Whether that is another version than before. */
  moves: boolean;
  /** Whether it held a version before and none is told any more, though the app is still there. */
  isLost?: boolean;
  /** Those of the targets that the environment did not hold before. */
  fresh: readonly Target[];
  /** Those of them that do not only follow the app: images that come in, and such as move to another version than it. */
  strangers: readonly Target[];
}

/**
 * What the environments hold, after a change, of the apps that the change can affect; an app that leaves an environment is
 * not among them.
 *
 * @throws InvalidYaml where an overlay cannot be read after the change
 */
export async function heldVersions(
  { base, head, changed }: RepositoryChange,
  layout: Layout,
  roots: readonly Root[],
): Promise<HeldVersion[]> {
  // What is no kustomization, such as a file of values or of an object, is not built, and holds versions all the same.
  const inside = [...changed].flatMap((path) => overlaysOfPath(layout, path));
  const overlays = [...roots.flatMap(({ overlay }) => overlay ?? []), ...inside];
  const apps = await Promise.all(overlays.map((overlay) => appsIn(overlay, layout, base, head)));
  const unique = new Map(apps.flat().map((each) => [`${each.environment}\0${each.app}`, each]));
  return heldOf({ base: base.tree, head: head.tree }, layout, [...unique.values()]);
}

/**
 * The same of apps that are named, each in its environment.
 *
 * @throws InvalidYaml where an overlay cannot be read after the change
 */
export async function heldOf(
  { base, head }: { base: TreeReader; head: TreeReader },
  layout: Layout,
  appEnvironments: readonly AppEnvironment[],
): Promise<HeldVersion[]> {
  const found = await Promise.all(
    appEnvironments.map(async ({ environment, app }): Promise<HeldVersion[]> => {
      const [before = [], after] = await Promise.all([
        unlessBroken(held(base, layout, environment, app)),
        held(head, layout, environment, app),
      ]);
      const versions = after.map(({ place, deployed }) => ({
        ...{ environment, app, places: [place] },
        ...heldSince(placeBefore(before, place, deployed), deployed),
      }));
      return onceEach(versions);
    }),
  );
  return found.flat();
}

/** What a place had. One that is new had what another place has, where that is what it gets: no version comes with it. */
function placeBefore(before: readonly DeployedPlace[], place: string, after: Deployed): Deployed | undefined {
  const like =
    before.find((each) => each.place === place) ?? before.find(({ deployed }) => sameDeployed(deployed, after));
  return (like ?? before[0])?.deployed;
}

function heldSince(before: Deployed | undefined, after: Deployed): Omit<HeldVersion, 'environment' | 'app' | 'places'> {
  const { version, pinned } = after;
  // Another chart of the app may be behind on purpose. What does not move is no matter of the rules.
  const targets = deployedTargets(after).filter((target) => target.kind !== 'chart' || !holds(before, target));
  const moves = before === undefined || !sameDeployed(before, after);
  const charts = chartMoves(before, after);
  const fresh = targets.filter((target) => !holds(before, target));
  const strangers = fresh.filter((target) => tagOf(target) !== version || !knows(before, target));
  const isLost = before !== undefined && isTold(before) && !isTold(after);
  return {
    version,
    targets,
    pinned,
    ...(isLost ? { isLost } : {}),
    ...(charts.length === 0 ? {} : { charts }),
    moves,
    fresh,
    strangers,
  };
}

/** Whether anything says which version runs. */
function isTold(deployed: Deployed): boolean {
  return deployed.version !== null || deployed.pinned.length > 0 || deployedTargets(deployed).length > 0;
}

/** The apps that an environment has after a change, and of which nobody can tell the version any more: no pass for what changes. */
export function lostVersions(held: readonly HeldVersion[], environment: string): Problem[] {
  return held.filter((each) => each.environment === environment && each.isLost === true).map(unknownVersion);
}

/** What is there and cannot be told must not pass for nothing that changes. */
export function unknownVersion({ environment, app }: AppEnvironment): Problem {
  const message = `Nobody can tell which version of ${app} ${environment} holds after it.`;
  return { level: 'error', file: '', line: undefined, message };
}

/** Places to which the same happens are one. */
function onceEach(versions: readonly HeldVersion[]): HeldVersion[] {
  const all = new Map<string, HeldVersion>();
  for (const each of versions) {
    const key = JSON.stringify({ ...each, places: [] });
    const places = [...(all.get(key)?.places ?? []), ...each.places];
    all.set(key, { ...each, places });
  }
  return [...all.values()];
}

function holds(before: Deployed | undefined, target: Target): boolean {
  const held = before === undefined ? [] : deployedTargets(before);
  return held.some((other) => isSameThing(other, target) && isSameVersion(other, target));
}

function knows(before: Deployed | undefined, target: Target): boolean {
  return before !== undefined && deployedTargets(before).some((other) => isSameThing(other, target));
}

/**
 * What an environment holds of an app in each of its places, such as clusters: what its containers run through all layers, and
 * what its files carry. What a file claims counts even where nothing of it would run, because a rule that is judged by less may
 * let more through.
 *
 * @returns none where the environment does not have the app
 */
async function held(tree: TreeReader, layout: Layout, environment: string, app: string): Promise<DeployedPlace[]> {
  const overlay = await readOverlay(tree, layout, environment, app);
  if (overlay === undefined) {
    return [];
  }
  const { folder, files } = overlay;
  const layered = await layeredOverlaysOf(tree, layout, environment, app);
  const places = deployedPlaces(files, app, layered);
  if (places.length === 0) {
    const versions = layered.map((each) => effectiveVersions(each));
    return [{ place: folder, deployed: withClaims(deployedWith(files, app, versions), files, app) }];
  }
  const inPlaces = places.map(({ place, deployed }) => {
    const own = files.filter((file) => file.place === place);
    return { place, deployed: withClaims(deployed, own, app) };
  });
  // What is of no place, such as a helmfile's release, is of them all.
  const common = files.filter((file) => file.place === undefined);
  return common.length === 0 ? inPlaces : [...inPlaces, { place: '', deployed: deployedIn(common, app) }];
}

function withClaims(running: Deployed, files: readonly OverlayFile[], app: string): Deployed {
  const claimed = deployedIn(files, app);
  const further = claimed.targets.filter(
    (target) => !running.targets.some((other) => isSameThing(other, target) && isSameVersion(other, target)),
  );
  return { ...running, version: running.version ?? claimed.version, targets: [...running.targets, ...further] };
}

/** The app of an overlay; for the overlay of a group, or a folder of overlays, all apps that it has on either side. */
async function appsIn(
  { environment, app, folder }: OverlayPath,
  layout: Layout,
  base: RepositorySide,
  head: RepositorySide,
) {
  if (app !== '') {
    return [{ environment, app }];
  }
  const own = layout.templates.filter(
    (each) => !isPerApp(layout, each) && inEnvironment(layout, each, environment) === folder,
  );
  const named = carrierTemplates(layout).find((each) => inEnvironment(layout, each, environment) === folder);
  const isInside = (name: string) =>
    templatesOf(layout, name).some((each) => overlayFolder(layout, each, environment, name).startsWith(`${folder}/`));
  const isAbove = own.length === 0 && named === undefined;
  const namesOn = async ({ tree }: RepositorySide) => {
    const sharing = await Promise.all(own.map((template) => appsByTemplate(tree, layout, template, environment)));
    const all = named === undefined && !isAbove ? [] : await environmentApps(tree, layout, environment);
    const isMeant = (each: string) => (isAbove ? isInside(each) : templatesOf(layout, each).includes(named ?? ''));
    return [...sharing.flat(), ...all.filter(isMeant)];
  };
  const [before, after] = await Promise.all([unlessBroken(namesOn(base)), namesOn(head)]);
  return [...(before ?? []), ...after].map((name) => ({ environment, app: name }));
}

/** `undefined` for what cannot be parsed before the change: the change may be the repair. */
async function unlessBroken<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof InvalidYaml) {
      return undefined;
    }
    throw error;
  }
}
