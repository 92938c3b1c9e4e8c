import { type ContentTools, findContent } from './content.js';
import type { KnownBuilds } from './known-builds.js';
import type { BuildSettings, PlannedImage } from './plan.js';
import { parseReference } from './reference.js';
import type { Manifest, RegistryClient } from './registry.js';
import { claimedRevision } from './unrecorded.js';

export interface LookedUp {
  /** With the key of its content, where that is known. */
  image: PlannedImage;
  /** What the registry has of this content. */
  existing: Manifest | undefined;
  /** Why nothing may be done with what the registry has; a sentence. */
  foreign?: string | undefined;
  /** Digest of what stands under the key, and is of no run of ours: another image of the same content is an error. */
  strange?: string | undefined;
}

/** The tags that a build of an image gets: its key with them, but where somebody else has written that. */
export function tagsOfBuild({ image: { tags, key }, strange }: LookedUp): string[] {
  return key === undefined || strange !== undefined ? tags : [...tags, key];
}

/** What a look-up needs. */
export interface LookUpTools extends ContentTools {
  registry: Pick<RegistryClient, 'manifest' | 'request'>;
  known: KnownBuilds;
  notice(message: string): void;
  warn(message: string): void;
}

/** Looks for an image of the same content. After a failed look-up the image is built. */
export async function lookUp(planned: PlannedImage, settings: BuildSettings, tools: LookUpTools): Promise<LookedUp> {
  const before = settings.space === 'release' ? await deliveredBefore(planned, tools) : undefined;
  if (before !== undefined) {
    return before;
  }
  const layers = settings.space === 'release' ? tools.known.layersOf(planned.repository) : undefined;
  const content = await findContent(planned, settings, tools);
  if ('reason' in content) {
    tools.notice(`${planned.image} is built without looking for one like it: ${content.reason}.`);
    return { image: { ...planned, layers }, existing: undefined };
  }
  const { pins, frontend, absent, tag: key } = content;
  if (absent.length > 0) {
    tools.warn(withoutSome(planned, absent));
  }
  const image = { ...planned, pins, frontend, key, layers };
  try {
    return { image, ...(await findBuilt(image, key, settings, tools)) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    tools.notice(`${image.image} is built, because looking for one like it failed: ${reason}`);
    return { image, existing: undefined };
  }
}

/**
 * What an earlier attempt of this run has delivered of a release, which may be deployed by now: it is not built again, and not even
 * where its base images have moved since.
 */
async function deliveredBefore(
  planned: PlannedImage,
  { registry, known, notice }: LookUpTools,
): Promise<LookedUp | undefined> {
  const { repository, tags } = planned;
  const own = known.delivered.find((each) => each.repository === repository && each.tag === tags[0]);
  if (own === undefined) {
    return undefined;
  }
  try {
    const existing = await registry.manifest(parseReference(repository).path, own.digest);
    return existing && { image: { ...planned, key: own.key, layers: own.layers }, existing };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    notice(`${planned.image} is built again, because looking for what was delivered before failed: ${reason}`);
    return undefined;
  }
}

/**
 * What the registry has under the key of a content. Of a release only what was recorded counts, whatever stands there; where
 * something else stands there than was recorded, somebody has put it there.
 */
async function findBuilt(
  { repository }: PlannedImage,
  key: string,
  { space }: BuildSettings,
  { registry, known, notice }: LookUpTools,
): Promise<Omit<LookedUp, 'image'>> {
  const { path } = parseReference(repository);
  if (space === 'previews') {
    return { existing: await registry.manifest(path, key) };
  }
  const recorded = known.digestOf(repository, key);
  const there = await registry.manifest(path, key);
  if (recorded === undefined) {
    if (there === undefined || (await mayBeOurs(path, there, { registry, known }))) {
      if (there !== undefined) {
        notice(`${repository}:${key} is ${there.digest}, of a release that left no record of it: it is not taken.`);
      }
      return { existing: undefined };
    }
    return { existing: undefined, strange: there.digest };
  }
  if (there === undefined) {
    return { existing: await registry.manifest(path, recorded) };
  }
  if (there.digest === recorded) {
    return { existing: there };
  }
  const foreign =
    `${repository}:${key} is ${there.digest}, and the release that built this content recorded ${recorded}. Somebody else ` +
    'wrote that tag: find out who may push to this repository of the registry, remove the tag, and run this again.';
  return { existing: undefined, foreign };
}

async function mayBeOurs(
  path: string,
  { digest, content }: Manifest,
  { registry, known }: Pick<LookUpTools, 'registry' | 'known'>,
): Promise<boolean> {
  return known.mayHaveMade(digest, await claimedRevision(registry, path, content));
}

/** What an image has nothing of, although its commit does. */
function withoutSome({ image }: PlannedImage, absent: readonly string[]): string {
  const more = absent.length > 1 ? ` and ${absent.length - 1} more` : '';
  return (
    `${image} is made without ${absent[0]}${more}: this checkout does not have it. ` +
    'Check out with "submodules: true" or "lfs: true", which the reusable workflows have as inputs, or leave it out of the build context.'
  );
}
