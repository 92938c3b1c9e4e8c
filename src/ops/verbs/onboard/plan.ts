import { didYouMean } from '../../../config/nearest.js';
import { allEnvironments, type Layout } from '../../overlays/layout.js';
import { readOverlay } from '../../overlays/overlay.js';
import type { Policy } from '../../policy/policy.js';
import { asRefusal } from '../../pull-requests/as-refusal.js';
import type { Planned } from '../../tree/planned.js';
import type { TreeReader } from '../../tree/tree-reader.js';
import { imageEntries } from './first-version.js';
import { joinByFolder, joinGroup } from './join.js';
import { type LeftBehind, leftBehindIn } from './left-behind.js';
import { checkFirstVersion, heldBefore } from './order.js';
import { choosePlace } from './place.js';
import type { OnboardRequest, Site } from './site.js';
import { chooseBase, firstImages, readSource } from './start.js';

/** A plan with the version that the app starts with. */
export type OnboardPlan = Planned & { version?: string | undefined; leftBehind?: LeftBehind | undefined };

/**
 * Plans an app's way into an environment: its base, a reference to it, its first version, and what tells the cluster where
 * every app has an object for that. Nothing that is there is overwritten.
 *
 * @throws what a failed request throws
 */
export async function planOnboard(
  tree: TreeReader,
  layout: Layout,
  policy: Policy,
  request: OnboardRequest,
): Promise<OnboardPlan> {
  let version: string | undefined;
  let leftBehind: LeftBehind | undefined;
  const planned = await asRefusal(async (): Promise<Planned> => {
    const { app, environment } = request;
    const site: Site = { tree, layout, policy, ...request };
    if ((await readOverlay(tree, layout, environment, app)) !== undefined) {
      return { state: 'nothing', reason: `${app} is already in ${environment}` };
    }
    await checkEnvironment(site);
    const before = await heldBefore(site);
    const place = await choosePlace(site);
    const source = await readSource(site);
    const base = await chooseBase(site, place, source);
    const images = await firstImages(site, source, base);
    version = images[0]?.tag;
    const entries = imageEntries(images, base.manifests, base.folder);
    checkFirstVersion(before, request, images);
    const draft =
      place.shared === undefined
        ? await joinByFolder(site, place, base, entries)
        : joinGroup(site, place, place.shared, base, entries);
    const files = new Map([...base.files, ...draft.files]);
    await refuseOverwriting(tree, files, draft.before);
    leftBehind = source && leftBehindIn(source.environment, source.places, files);
    return { state: 'change', change: { files }, before: draft.before };
  });
  return { ...planned, version, leftBehind };
}

async function checkEnvironment({ tree, layout, policy, app, environment }: Site): Promise<void> {
  const known = await allEnvironments(tree, layout, policy, app);
  if (!known.includes(environment)) {
    const list = known.length === 0 ? 'none' : known.join(', ');
    throw new Error(`There is no environment "${environment}".${didYouMean(environment, known)} Known: ${list}.`);
  }
}

/** A file that is there and no kustomization refers to is somebody's beginning, or a leftover. */
async function refuseOverwriting(
  tree: TreeReader,
  files: ReadonlyMap<string, string>,
  before: ReadonlyMap<string, string>,
): Promise<void> {
  const fresh = [...files.keys()].filter((path) => !before.has(path));
  const texts = await Promise.all(fresh.map((path) => tree.read(path)));
  const there = fresh.filter((_, index) => texts[index] !== undefined);
  if (there.length > 0) {
    throw new Error(
      `${there.join(', ')} ${there.length === 1 ? 'is' : 'are'} there already, though nothing takes the app in. ` +
        `Nothing is overwritten: remove ${there.length === 1 ? 'it, or refer to it' : 'them, or refer to them'} in the kustomization by hand.`,
    );
  }
}
