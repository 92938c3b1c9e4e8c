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
  /** Hosts that may have the password beside the registry, by the settings that count. */
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
): Promise<Batch[]> {
  const { inputs } = run;
  const { releases, image } = inputs;
  const { repository } = run.git;
  const checkout = await checkoutOf(undefined);
  const { apps, config } = await loadApps(checkout.root, repository);
  const names = await trustedNames(run, config);
  const tokenServices = config['token-services'];
  if (releases === undefined) {
    if (image !== undefined) {
      return [{ checkout, images: [planExplicit({ ...inputs, image }, names, checkout.revision)], tokenServices }];
    }
    const chosen = (inputs.apps ?? []).length === 0 ? [] : selectApps(apps, inputs.apps ?? [], 'input "apps"');
    const images = planApps(chosen, names, inputs.tags, checkout.revision);
    noteWithoutImage(
      chosen.map(({ name }) => name),
      images,
    );
    return images.length === 0 ? [] : [{ checkout, images, tokenServices }];
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
    batches.push({ checkout: own, images, tokenServices });
  }
  return batches.filter(({ images }) => images.length > 0);
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
  const services = (settings: AppsConfig) =>
    settings['token-services'].length === 0 ? '' : ` with the token services ${settings['token-services'].join(', ')}`;
  const isSaid = saidByWorkflow(config, inputs, space) && services(config) === '';
  if (!isSaid && inputs.password !== undefined && !inputs.dryRun) {
    const place = (settings: AppsConfig) => `${by(settings).own.replace(/\/\{image\}$/, '')}${services(settings)}`;
    const pushing = { event, ref: process.env.GITHUB_REF ?? '' };
    await requireTrustedRegistry(git, pushing, place(config), place);
  }
  return names;
}
