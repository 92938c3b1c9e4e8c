import type { AppsConfig } from '../../apps/config.js';
import { loadApps } from '../../apps/discover.js';
import { selectApps } from '../../apps/select.js';
import type { Git } from '../../git/git.js';
import type { RunEvent } from '../../github/event.js';
import type { Checkout } from '../../images/checkout.js';
import { namesOf, saidByWorkflow } from '../../images/image-names.js';
import type { BuildSettings, PlannedImage } from '../../images/plan.js';
import { type ImageNames, planApps, planExplicit, planReleases } from '../../images/plan-images.js';
import { requireTrustedRegistry } from '../../images/trusted-registry.js';
import type { Release } from '../../release/release.js';
import { logNotice } from '../../runtime/log.js';
import type { Inputs } from './inputs.js';

/** Images of one commit, in a work tree of it. */
export interface Batch {
  checkout: Checkout;
  images: PlannedImage[];
}

/** What a run builds. */
export interface Batches {
  batches: Batch[];
  /** Hosts that the registry may send the login to beside its own. */
  tokenServices: readonly string[];
}

/** What a run is asked for. */
export interface PlannedRun {
  inputs: Inputs;
  git: Git;
  event: RunEvent;
  space: BuildSettings['space'];
}

/**
 * The images to build, by commit. Releases of an earlier commit are built from that commit, but the registry is that of
 * the checked-out commit, so that all images of a run go to the one in use now.
 */
export async function planBatches(
  run: PlannedRun,
  checkoutOf: (revision: string | undefined) => Promise<Checkout>,
): Promise<Batches> {
  const { inputs } = run;
  const { releases, image } = inputs;
  const { repository } = run.git;
  const checkout = await checkoutOf(undefined);
  const { apps, config } = await loadApps(checkout.root, repository);
  const names = await trustedNames(run, config);
  const tokenServices = config['token-services'];
  const only = (batches: Batch[]): Batches => ({ batches, tokenServices });
  if (releases === undefined) {
    if (image !== undefined) {
      return only([{ checkout, images: [planExplicit({ ...inputs, image }, names, checkout.revision)] }]);
    }
    const chosen = (inputs.apps ?? []).length === 0 ? [] : selectApps(apps, inputs.apps ?? [], 'input "apps"');
    const images = planApps(chosen, names, inputs.tags, checkout.revision);
    noteWithoutImage(
      chosen.map(({ name }) => name),
      images,
    );
    return only(images.length === 0 ? [] : [{ checkout, images }]);
  }
  const byCommit = new Map<string, Release[]>();
  for (const release of releases) {
    byCommit.set(release.sha, [...(byCommit.get(release.sha) ?? []), release]);
  }
  const batches: Batch[] = [];
  for (const [sha, released] of byCommit) {
    const own = await checkoutOf(sha);
    const images = planReleases(released, (await loadApps(own.root, repository)).apps, names);
    noteWithoutImage(
      released.map(({ app }) => app),
      images,
    );
    batches.push({ checkout: own, images });
  }
  return only(batches.filter(({ images }) => images.length > 0));
}

function noteWithoutImage(apps: readonly string[], images: readonly PlannedImage[]): void {
  for (const app of apps.filter((name) => !images.some((planned) => planned.app === name))) {
    logNotice(`App "${app}" has no Dockerfile, so there is no image of it.`);
  }
}

/**
 * How the images are named, where a password may be sent to that registry.
 *
 * @throws Error when only the checked-out commit says so
 */
async function trustedNames({ inputs, git, event, space }: PlannedRun, config: AppsConfig): Promise<ImageNames> {
  const by = (settings: AppsConfig) => namesOf(settings, git.repository, inputs, space);
  const names = by(config);
  const tokenServices = config['token-services'];
  const isSaid = saidByWorkflow(config, inputs, space) && tokenServices.length === 0;
  if (!isSaid && inputs.password !== undefined && !inputs.dryRun) {
    const place = (each: ImageNames) => each.own.replace(/\/\{image\}$/, '');
    const pushing = { event, ref: process.env.GITHUB_REF ?? '' };
    await requireTrustedRegistry(git, pushing, { place: place(names), tokenServices }, (settings) =>
      place(by(settings)),
    );
  }
  return names;
}
