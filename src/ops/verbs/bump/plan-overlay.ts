import { isRequestFailure } from '../../../github/errors.js';
import type { Target } from '../../carriers/carrier.js';
import { type StaleChart, staleChartError } from '../../carriers/chart-lock.js';
import { overlayCarriers } from '../../carriers/find-carriers.js';
import type { ImageReference } from '../../carriers/image-reference.js';
import { noCarrierError } from '../../carriers/no-carrier-error.js';
import { readSiblings, refuseFollowers } from '../../overlays/builds-on.js';
import { templatesOf } from '../../overlays/carrier-files.js';
import { knownVersions } from '../../overlays/claimed-versions.js';
import { imagesOfOverlay, type LayeredOverlay, layeredOverlaysOf } from '../../overlays/layered-overlay.js';
import { isFile, isPerApp, type Layout, overlayFolder, ownTemplates } from '../../overlays/layout.js';
import { readOverlay } from '../../overlays/overlay.js';
import { adviceOnReleases } from '../../overlays/release-advice.js';
import type { Overlay } from '../../overlays/shared-overlay.js';
import { isJudged } from '../../overlays/unproven-version.js';
import { type LockRenewal, renewLock } from '../../render/renew-lock.js';
import { fluxLinesFor } from '../../restore/flux-places.js';
import type { TreeReader } from '../../tree/tree-reader.js';
import type { AppBump } from './app-bump.js';
import { otherPlaceLines } from './other-place.js';
import type { OverlayPlan } from './overlay-plan.js';
import { type Plan, planBump } from './plan.js';
import { planChartFromBase } from './plan-chart-from-base.js';
import { planFromBase } from './plan-from-base.js';
import { provedPlan } from './proved-plan.js';

/**
 * Reads an app's overlay in one commit and plans the version in it.
 *
 * @param targets what is to be set
 * @param renew renews the lock of a wrapper chart
 * @throws what a failed request throws; what is wrong with the overlay is the problem
 */
export async function planOverlay(
  tree: TreeReader,
  layout: Layout,
  { environment, target, nameInApps }: AppBump,
  targets: readonly Target[],
  renew: LockRenewal = renewLock,
): Promise<OverlayPlan> {
  try {
    const where = { environment, app: target.app };
    const [overlay, siblings] = await Promise.all([
      readOverlay(tree, layout, environment, target.app),
      readSiblings(tree, layout, where),
    ]);
    if (overlay === undefined || overlay.files.length === 0) {
      const whose =
        nameInApps === target.app ? '' : ` It is ${nameInApps} of ${target.source.repository}, a guest's here.`;
      const lines =
        (await fluxLinesFor(tree, layout, where, targets)) ??
        placeLines(layout, target.app) ??
        (await otherPlaceLines(tree, layout, where, targets));
      const expected = expectedAt(layout, environment, target.app);
      const message = `There is no app "${target.app}" in ${environment}${expected}.${whose} ${lines ?? "Add that overlay, or check the app's name."}`;
      return { problem: { kind: 'no-app', message } };
    }
    const isCarried = overlayCarriers(overlay.files, targets).length > 0;
    const hasImages = targets.some(({ kind }) => kind === 'image');
    // A new entry may reach other apps of the same kustomization, so all of them have to be known.
    const layered = hasImages ? await layeredOverlaysOf(tree, layout, environment, target.app, !isCarried) : [];
    const checked = async (plan: Plan): Promise<OverlayPlan> => {
      const proved = provedPlan(plan, overlay, layered, targets);
      const changed = [...(proved.plan?.change.files.keys() ?? [])];
      await refuseFollowers(tree, layout, { ...where, changed, files: overlay.files, targets }, siblings);
      return proved;
    };
    if (!isCarried) {
      const plan =
        planFromBase(overlay, layered, targets) ?? (await planChartFromBase(tree, layout, where, overlay, targets));
      if (plan !== undefined) {
        return await checked(plan);
      }
      const images = targets.filter((each) => each.kind === 'image');
      const advice = await adviceOnReleases(tree, layout, layered, images);
      const { message } = noCarrierError(overlay.files, targets, overlay.folder, advice);
      return { problem: { kind: 'nothing-carries', message } };
    }
    const plan = planBump(overlay.files, targets, overlay.folder, runningIn(overlay, layered, targets));
    return await checked(plan.stale === undefined ? plan : await withLocks(plan, plan.stale, renew));
  } catch (error) {
    if (isRequestFailure(error) || !(error instanceof Error)) {
      throw error;
    }
    return { problem: { kind: 'broken', message: error.message } };
  }
}

/** What containers run of images, of those of which it is known. */
function runningIn({ files }: Overlay, layered: readonly LayeredOverlay[], targets: readonly Target[]) {
  const built = layered.map((each) => imagesOfOverlay(each));
  const judged = targets.filter((target) => target.kind === 'image').filter((target) => isJudged(files, target));
  return new Map<Target, readonly ImageReference[]>(
    judged.flatMap((target): [Target, readonly ImageReference[]][] => {
      const known = knownVersions(built, target);
      return known === undefined ? [] : [[target, known]];
    }),
  );
}

/** The plan with the locks of its wrapper charts, as helm makes them. @throws Error where it cannot, with what to run */
async function withLocks(plan: Plan, stale: readonly StaleChart[], renew: LockRenewal): Promise<Plan> {
  const files = new Map(plan.change.files);
  const before = new Map(plan.before);
  for (const { chart, lock } of stale) {
    if (lock === undefined || chart.vendored === true) {
      throw staleChartError({ chart, lock }, 'they are archives, which no pull request of ours holds.');
    }
    const renewed = await renew(chart, lock);
    if ('reason' in renewed) {
      throw staleChartError({ chart, lock }, renewed.reason);
    }
    files.set(lock.path, renewed.text);
    before.set(lock.path, lock.text);
  }
  const { stale: _, ...rest } = plan;
  return { ...rest, change: { ...plan.change, files }, before };
}

/** Places that a message names. */
const NAMED = 3;

/** Where an app's overlay would be, for messages: the end of a sentence. */
function expectedAt(layout: Layout, environment: string, app: string): string {
  const templates = templatesOf(layout, app);
  const places = templates.slice(0, NAMED).map((template) => {
    const folder = overlayFolder(layout, template, environment, app);
    if (isPerApp(layout, template)) {
      return folder;
    }
    return isFile(template)
      ? `an image of ${app} in ${folder}`
      : `${app} among the resources or patches of ${folder}/kustomization.yaml`;
  });
  return places.length === 0
    ? ''
    : `: expected ${places.join(', or ')}${templates.length > NAMED ? ', or in one of the other groups' : ''}`;
}

/** What to write where no place of an app is known, and files that environments have for other apps may be its too. */
function placeLines(layout: Layout, app: string): string | undefined {
  const files = ownTemplates(layout).map(({ template }) => template);
  const shared = [...new Set(files)].filter((each) => isFile(each) && !each.includes('{app}'));
  if (templatesOf(layout, app).length > 0 || shared.length === 0) {
    return undefined;
  }
  const lines = shared.map((each) => `  - "${each}"\n`).join('');
  return `Nothing says where it is. If its image is in ${shared.join(' or ')}, as those of other apps, write into ostack.yaml:\n\noverlays:\n${lines}`;
}
