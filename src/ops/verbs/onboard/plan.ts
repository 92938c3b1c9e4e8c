import { didYouMean } from '../../../config/nearest.js';
import { allEnvironments } from '../../overlays/environments.js';
import type { Layout } from '../../overlays/layout.js';
import { readOverlay } from '../../overlays/overlay.js';
import type { Policy } from '../../policy/policy.js';
import { asRefusal } from '../../pull-requests/as-refusal.js';
import type { Planned } from '../../pull-requests/planned.js';
import type { TreeReader } from '../../tree/tree-reader.js';
import { chooseBase } from './base.js';
import { firstImages } from './first-images.js';
import { imageEntries } from './first-version.js';
import { joinByFolder, joinGroup } from './join.js';
import { imagesOfFile, joinByFile } from './join-by-file.js';
import { type LeftBehind, leftBehindIn } from './left-behind.js';
import { chooseOverlay } from './new-overlay.js';
import type { Onboarding, OnboardRequest } from './onboarding.js';
import { checkFirstVersion, heldBefore } from './order.js';
import { readSource } from './source.js';

/** A plan, with what its pull request says of it. */
export type OnboardPlan = Planned & {
  /** The tag that the app starts with; `undefined` where it has none. */
  version?: string | undefined;
  leftBehind?: LeftBehind | undefined;
  /** What a person should know, sentences. */
  notes?: readonly string[];
};

/**
 * Plans adding an app to an environment: its base, a reference to it, its first version, and an object that deploys it
 * where every app has one in the cluster. No file is overwritten. What a person has to put right is the plan's error.
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
  let notes: string[] = [];
  const planned = await asRefusal(async (): Promise<Planned> => {
    const { app, environment } = request;
    const onboarding: Onboarding = { tree, layout, policy, ...request };
    if (request.group === undefined && (await readOverlay(tree, layout, environment, app)) !== undefined) {
      return { state: 'nothing', reason: `${app} is already in ${environment}` };
    }
    await checkEnvironment(onboarding);
    const before = await heldBefore(onboarding);
    const overlay = await chooseOverlay(onboarding);
    if ((await readOverlay(tree, layout, environment, app, [overlay.template])) !== undefined) {
      return { state: 'nothing', reason: `${app} is already in ${overlay.folder}` };
    }
    const source = await readSource(onboarding);
    if (overlay.isFiles) {
      const first = await imagesOfFile(onboarding, source);
      version = first[0]?.tag;
      checkFirstVersion(before, request, first);
      const made = await joinByFile(onboarding, overlay, first);
      await refuseOverwriting(tree, made.files, made.before);
      notes = made.notes;
      return { state: 'change', change: { files: made.files }, before: made.before };
    }
    const base = await chooseBase(onboarding, overlay, source);
    const images = await firstImages(onboarding, source, base);
    version = images[0]?.tag;
    const entries = imageEntries(images, base.manifests, base.folder);
    checkFirstVersion(before, request, images);
    const draft =
      overlay.shared === undefined
        ? await joinByFolder(onboarding, overlay, base, entries)
        : joinGroup(onboarding, overlay, overlay.shared, base, entries);
    const files = new Map([...base.files, ...draft.files]);
    await refuseOverwriting(tree, files, draft.before);
    leftBehind = source && leftBehindIn(source.environment, source.overlays, files);
    return { state: 'change', change: { files }, before: draft.before };
  });
  return { ...planned, version, leftBehind, notes };
}

async function checkEnvironment({ tree, layout, policy, environment }: Onboarding): Promise<void> {
  const known = await allEnvironments(tree, layout, policy);
  if (!known.includes(environment)) {
    const list = known.length === 0 ? 'none' : known.join(', ');
    throw new Error(`There is no environment "${environment}".${didYouMean(environment, known)} Known: ${list}.`);
  }
}

/** A file without a reference is unfinished work of somebody, or a leftover: a person has to decide. */
async function refuseOverwriting(
  tree: TreeReader,
  files: ReadonlyMap<string, string>,
  before: ReadonlyMap<string, string>,
): Promise<void> {
  const fresh = [...files.keys()].filter((path) => !before.has(path));
  const texts = await Promise.all(fresh.map((path) => tree.read(path)));
  const existing = fresh.filter((_, index) => texts[index] !== undefined);
  if (existing.length > 0) {
    throw new Error(
      `${existing.join(', ')} already ${existing.length === 1 ? 'exists' : 'exist'}, but no kustomization refers to ${existing.length === 1 ? 'it' : 'them'}. ` +
        `No file is overwritten: remove ${existing.length === 1 ? 'it, or add a reference to it' : 'them, or add references to them'} by hand.`,
    );
  }
}
