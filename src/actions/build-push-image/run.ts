import { imageRegistry } from '../../apps/config.js';
import { loadApps } from '../../apps/discover.js';
import { selectApps } from '../../apps/select.js';
import { type Git, openGit } from '../../git/git.js';
import { readContext } from '../../github/context.js';
import { readEvent } from '../../github/event.js';
import { openArchive } from '../../images/archive.js';
import { isLoopback } from '../../images/challenge.js';
import { type Checkout, checkOut, leaveCheckout, readCheckout } from '../../images/checkout.js';
import { type Delivery, deliver } from '../../images/deliver.js';
import { openEngine } from '../../images/open-engine.js';
import type { PlannedImage } from '../../images/plan.js';
import { planApps, planExplicit, planReleases } from '../../images/plan-images.js';
import { parseReference } from '../../images/reference.js';
import { requireTrustedRegistry } from '../../images/trusted-registry.js';
import type { Release } from '../../release/release.js';
import { info, logNotice, logWarning } from '../../runtime/log.js';
import type { Inputs } from './inputs.js';
import { checkOutputSize } from './outputs.js';
import { openSession, type Session } from './session.js';

/** Images of one commit, in a work tree of it. */
interface Batch {
  checkout: Checkout;
  images: PlannedImage[];
}

/** Plans and delivers the images, and always cleans up. */
export async function run(inputs: Inputs): Promise<Delivery> {
  const { repository, serverUrl } = readContext();
  const root = process.env.GITHUB_WORKSPACE ?? process.cwd();
  const git = openGit({ cwd: root, serverUrl, repository, token: inputs.token });
  if (inputs.archive !== undefined && !inputs.dryRun) {
    await openArchive(inputs.archive);
  }
  const session = await openSession();
  const extra: Checkout[] = [];
  try {
    const head = await readCheckout(git, root);
    const batches = await plan(inputs, git, async (revision) => {
      if (revision === undefined || revision === head.revision) {
        return head;
      }
      const checkout = await checkOut(git, revision, session.folder);
      extra.push(checkout);
      return checkout;
    });
    checkOutputSize(
      batches.flatMap(({ images }) => images),
      inputs.platforms,
    );
    return await deliverAll(batches, inputs, { git, session, source: `${serverUrl}/${repository}` });
  } finally {
    for (const checkout of extra) {
      await leaveCheckout(git, checkout);
    }
    await session.close();
  }
}

/**
 * The images to build, by commit. Releases of an earlier commit are built from that commit, but the registry is that of
 * the checked-out commit, so that all images of a run go to the one in use now.
 */
async function plan(
  inputs: Inputs,
  git: Git,
  checkoutOf: (revision: string | undefined) => Promise<Checkout>,
): Promise<Batch[]> {
  const { releases, image } = inputs;
  const { repository } = git;
  const checkout = await checkoutOf(undefined);
  const { apps, config } = await loadApps(checkout.root, repository);
  const registry = inputs.registry ?? imageRegistry(config, repository);
  if (inputs.registry === undefined && inputs.password !== undefined && !inputs.dryRun) {
    await requireTrustedRegistry(git, { event: await readEvent(), ref: process.env.GITHUB_REF ?? '' }, registry);
  }
  if (releases === undefined) {
    if (image !== undefined) {
      return [{ checkout, images: [planExplicit({ ...inputs, image }, registry, checkout.revision)] }];
    }
    const chosen = (inputs.apps ?? []).length === 0 ? [] : selectApps(apps, inputs.apps ?? [], 'input "apps"');
    const images = planApps(chosen, registry, inputs.tags, checkout.revision);
    noteWithoutImage(
      chosen.map(({ name }) => name),
      images,
    );
    return images.length === 0 ? [] : [{ checkout, images }];
  }
  const byCommit = new Map<string, Release[]>();
  for (const release of releases) {
    byCommit.set(release.sha, [...(byCommit.get(release.sha) ?? []), release]);
  }
  const batches: Batch[] = [];
  for (const [sha, released] of byCommit) {
    const own = await checkoutOf(sha);
    const images = planReleases(released, (await loadApps(own.root, repository)).apps, registry);
    noteWithoutImage(
      released.map(({ app }) => app),
      images,
    );
    batches.push({ checkout: own, images });
  }
  return batches.filter(({ images }) => images.length > 0);
}

function noteWithoutImage(apps: readonly string[], images: readonly PlannedImage[]): void {
  for (const app of apps.filter((name) => !images.some((planned) => planned.app === name))) {
    logNotice(`App "${app}" has no Dockerfile, so there is no image of it.`);
  }
}

interface Surroundings {
  git: Git;
  session: Session;
  /** Page of the repository. */
  source: string;
}

async function deliverAll(
  batches: readonly Batch[],
  inputs: Inputs,
  { git, session, source }: Surroundings,
): Promise<Delivery> {
  const all: Delivery = { delivered: [], failed: [] };
  const [first] = batches.flatMap(({ images }) => images);
  if (first === undefined) {
    return all;
  }
  const { buildArgs, platforms, cache, provenance, sbom, push, archive, dryRun } = inputs;
  const { registry, login } = await session.logIn(first, inputs);
  const { env, secrets } = session.secretEnvironment(inputs.secrets);
  const engine = await openEngine(inputs.engine, {
    folder: session.folder,
    env: { ...login.env, ...env },
    authFile: login.authFile,
    registryIsHere: push && isLoopback(parseReference(first.repository).registry),
  });
  session.onClose(engine.close);
  info(`Engine: ${engine.name}`);
  for (const { checkout, images } of batches) {
    const { root, revision, createdAt } = checkout;
    const settings = {
      root,
      revision,
      createdAt,
      source,
      platforms,
      buildArgs,
      secrets,
      cache,
      provenance,
      sbom,
      push,
      archive,
    };
    const tools = { git, engine, registry, dryRun, notice: logNotice, warn: logWarning };
    const delivery = await deliver(images, settings, tools);
    all.delivered.push(...delivery.delivered);
    all.failed.push(...delivery.failed);
  }
  return all;
}
