import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Git } from '../git/git.js';
import { buildAndPush } from './build-and-push.js';
import { deniedIn } from './denied.js';
import type { BuildEngine, BuildResult } from './engine.js';
import { inspectImage } from './inspect.js';
import type { KnownBuilds } from './known-builds.js';
import { type LookedUp, lookUp, tagsOfBuild } from './look-up.js';
import type { BuildSettings, PlannedImage } from './plan.js';
import { parseReference } from './reference.js';
import { type Manifest, type RegistryClient, RegistryFailure } from './registry.js';
import { openSeenFiles } from './seen-files.js';
import { settleFiles } from './settle-files.js';

/** An image that the registry has under all its tags; in a dry run or without a push, one that it would have. */
export interface DeliveredImage {
  planned: PlannedImage;
  /** `undefined` when it was not pushed. */
  digest: string | undefined;
  reused: boolean;
  platforms: string[];
  /** Bytes, `undefined` when it was not pushed. */
  size: number | undefined;
}

/** An image that could not be delivered. */
export interface FailedImage {
  planned: PlannedImage;
  line: number | undefined;
  /** What went wrong, with the Dockerfile and the line if known. */
  message: string;
}

export interface Delivery {
  delivered: DeliveredImage[];
  failed: FailedImage[];
}

/** Services and settings of a delivery. */
export interface DeliveryTools {
  git: Git;
  engine: BuildEngine;
  registry: RegistryClient;
  /**
   * What runs of the release branch have built: of a release nothing else is reused, for whoever may push to the registry may
   * put anything under any tag. In the space of pull requests a tag is as good as what may push there.
   */
  known: KnownBuilds;
  /** Only looks images up; nothing is built or pushed. */
  dryRun: boolean;
  /** Called with the reason when an image is built without knowing whether the registry has it already. */
  notice(message: string): void;
  /** Called with what an image is built without. */
  warn(message: string): void;
}

/**
 * Delivers images of one commit to one registry: an image whose content the registry has gets the new tags, the others
 * are built in one session, and every tag is read back.
 *
 * @returns the delivered and the failed images
 */
export async function deliver(
  images: readonly PlannedImage[],
  settings: BuildSettings,
  tools: DeliveryTools,
): Promise<Delivery> {
  const missing = await withoutDockerfile(images, settings);
  const buildable = images.filter((image) => !missing.some(({ planned }) => planned.app === image.app));
  const files = openSeenFiles(tools.git, settings.root);
  const looked = await Promise.all(
    buildable.map((image) =>
      settings.archive === undefined ? lookUp(image, settings, { ...tools, files }) : notLookedUp(image),
    ),
  );
  const refusedFor = ({ image: planned, foreign: message }: LookedUp) =>
    message === undefined ? [] : [{ planned, line: undefined, message }];
  const delivery: Delivery = { delivered: [], failed: [...missing, ...looked.flatMap(refusedFor)] };
  if (tools.dryRun) {
    delivery.delivered.push(...(await Promise.all(looked.map((image) => foresee(image, settings, tools)))));
    return delivery;
  }
  const fresh: PlannedImage[] = [];
  for (const { image, existing, foreign, strange } of looked) {
    if (foreign !== undefined) {
      continue;
    }
    if (existing === undefined || !settings.push) {
      fresh.push({ ...image, tags: tagsOfBuild({ image, existing, strange }) });
    } else {
      const refused = await giveTags(image, existing, tools);
      if (refused === undefined) {
        delivery.delivered.push(await readBack(image, { digest: existing.digest, reused: true }, tools));
      } else {
        delivery.failed.push({ planned: image, line: undefined, message: refused });
      }
    }
  }
  if (fresh.length > 0) {
    await settleFiles(
      tools.git,
      settings,
      fresh.map(({ context }) => context),
    );
    const built = await buildAndPush(fresh, settings, tools);
    delivery.failed.push(...built.failures.map(describeFailure));
    delivery.delivered.push(...(await finish(fresh, built, settings, tools)));
    delivery.failed.push(...looked.flatMap((image) => strangersOf(image, built)));
  }
  const failedApps = new Set(delivery.failed.map(({ planned }) => planned.app));
  delivery.delivered = images.flatMap((image) =>
    delivery.delivered.filter(({ planned }) => planned.repository === image.repository && !failedApps.has(image.app)),
  );
  return delivery;
}

/** What stands under the key of an image, is of no run of ours and another image than was built. The key was not written. */
function strangersOf({ image, strange }: LookedUp, { digests }: BuildResult): FailedImage[] {
  const digest = digests.get(image.repository);
  if (strange === undefined || digest === undefined || digest === strange) {
    return [];
  }
  const message =
    `${image.repository}:${image.key} is ${strange}, which no release of this branch has pushed, and the image of this content ` +
    `is ${digest}. Somebody else wrote that tag: find out who may push to this repository of the registry, remove the tag, and ` +
    'run this again.';
  return [{ planned: image, line: undefined, message }];
}

async function withoutDockerfile(images: readonly PlannedImage[], settings: BuildSettings): Promise<FailedImage[]> {
  const checked = await Promise.all(
    images.map(async (planned) => {
      const found = await access(join(settings.root, planned.file)).then(
        () => true,
        () => false,
      );
      const message = `${planned.file}: there is no such Dockerfile (image "${planned.image}" of app "${planned.app}"). Name it with the input "file", or under "images" in ostack.yaml.`;
      return found ? [] : [{ planned, line: undefined, message }];
    }),
  );
  return checked.flat();
}

/**
 * Gives an image that the registry has its tags.
 *
 * @returns why the registry does not let a tag be written, `undefined` when all are
 */
async function giveTags(
  image: PlannedImage,
  existing: Manifest,
  { registry }: DeliveryTools,
): Promise<string | undefined> {
  try {
    await Promise.all(image.tags.map((tag) => registry.tag(pathOf(image), existing, tag)));
    return undefined;
  } catch (error) {
    if (error instanceof RegistryFailure && error.status >= 400 && error.status < 500) {
      return error.message;
    }
    throw error;
  }
}

/** An image for an archive is built without a look-up: such runs may have no access to the registry. */
function notLookedUp(image: PlannedImage): LookedUp {
  return { image, existing: undefined };
}

async function foresee(looked: LookedUp, settings: BuildSettings, tools: DeliveryTools): Promise<DeliveredImage> {
  const { image: planned, existing } = looked;
  if (existing === undefined) {
    return { planned, digest: undefined, reused: false, platforms: settings.platforms, size: undefined };
  }
  const facts = await inspectImage(tools.registry, pathOf(planned), existing);
  return { planned, digest: existing.digest, reused: true, ...facts };
}

async function finish(
  images: readonly PlannedImage[],
  { digests, layers, taken, failures }: BuildResult,
  settings: BuildSettings,
  tools: DeliveryTools,
): Promise<DeliveredImage[]> {
  const failedApps = new Set(failures.map(({ image }) => image.app));
  const built = images.filter(({ app }) => !failedApps.has(app));
  return Promise.all(
    built.map((image) => {
      if (!settings.push) {
        const { platforms, archive } = settings;
        const digest = archive === undefined ? undefined : digests.get(image.repository);
        return { planned: image, digest, reused: false, platforms, size: undefined };
      }
      const digest = digests.get(image.repository);
      if (digest === undefined) {
        throw new Error(`${tools.engine.name} pushed ${image.repository} without telling its digest.`);
      }
      const there = taken?.get(image.repository);
      if (there !== undefined) {
        tools.notice(
          `${image.repository}:${image.key} stands for ${there}, which nobody recorded, and this image of the same content is ` +
            `${digest}. That tag cannot be written again, so a release after this one builds the image anew.`,
        );
      }
      const kept = { ...(there === undefined ? image : withoutKey(image)), layers: layers?.get(image.repository) };
      return readBack(kept, { digest, reused: false }, tools);
    }),
  );
}

function withoutKey(image: PlannedImage): PlannedImage {
  return { ...image, key: undefined, tags: image.tags.filter((tag) => tag !== image.key) };
}

/** Reads every tag of an image back. @throws Error when one has another digest than was pushed */
async function readBack(
  image: PlannedImage,
  pushed: { digest: string; reused: boolean },
  { registry }: DeliveryTools,
): Promise<DeliveredImage> {
  const [first = '', ...others] = image.tags;
  const manifest = await registry.manifest(pathOf(image), first);
  const found = [
    { tag: first, digest: manifest?.digest },
    ...(await Promise.all(others.map(async (tag) => ({ tag, digest: await registry.digest(pathOf(image), tag) })))),
  ];
  for (const { tag, digest } of found) {
    if (digest !== pushed.digest) {
      throw new Error(
        `${image.repository}:${tag} was pushed as ${pushed.digest}, and the registry has ${digest ?? 'no such tag'}. ` +
          'Something else writes this tag, or the registry loses writes; nothing of it is reported.',
      );
    }
  }
  if (manifest === undefined) {
    throw new Error(`${image.repository}:${first} is not in the registry after its push.`);
  }
  return { planned: image, ...pushed, ...(await inspectImage(registry, pathOf(image), manifest)) };
}

function describeFailure({ image, failure }: BuildResult['failures'][number]): FailedImage {
  const { line, instruction, reason } = failure;
  const place = line === undefined ? image.file : `${image.file}:${line}`;
  const shown = instruction === undefined ? '' : `${instruction}: `;
  const advice = deniedIn(reason, image.repository);
  const why = advice === undefined ? reason : `${reason.replace(/\.$/, '')}. ${advice}`;
  return { planned: image, line, message: `${place} (image "${image.image}"): ${shown}${why}` };
}

function pathOf({ repository }: PlannedImage): string {
  return parseReference(repository).path;
}
