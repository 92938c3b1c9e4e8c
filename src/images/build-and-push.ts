import type { BuildEngine, BuildResult } from './engine.js';
import type { BuildSettings, PlannedImage } from './plan.js';
import { parseReference } from './reference.js';
import { type RegistryClient, takenMessage } from './registry.js';

/** Where images are built and go to. */
export interface BuildTools {
  engine: BuildEngine;
  registry: RegistryClient;
}

/** Tags with their digests. */
type Standing = ReadonlyMap<string, string>;

/**
 * Builds images and pushes them. Registries may refuse to write a tag again: an app whose images could not be pushed is
 * built once more without the tags that stand there, and what stands there is compared with what was built.
 */
export async function buildAndPush(
  images: readonly PlannedImage[],
  settings: BuildSettings,
  tools: BuildTools,
): Promise<BuildResult> {
  const first = await tools.engine.build(images, settings);
  if (!settings.push) {
    return first;
  }
  const result: PushResult = {
    digests: new Map(first.digests),
    layers: new Map(first.layers),
    taken: new Map(),
    failures: [],
  };
  for (const app of new Set(first.failures.map(({ image }) => image.app))) {
    const own = images.filter((image) => image.app === app);
    const failures = first.failures.filter(({ image }) => image.app === app);
    const standing = failures.every(({ failure }) => failure.line === undefined)
      ? await findTags(own, tools.registry)
      : [];
    if (standing.every((tags) => tags.size === 0)) {
      result.failures.push(...failures);
    } else {
      await pushAgain({ own, standing }, settings, tools, result);
    }
  }
  return result;
}

interface PushResult extends BuildResult {
  layers: Map<string, string>;
  taken: Map<string, string>;
}

/** Builds images of one app without the tags that stand there, and compares. @param result gets what comes of it */
async function pushAgain(
  { own, standing }: { own: readonly PlannedImage[]; standing: readonly Standing[] },
  settings: BuildSettings,
  { engine }: BuildTools,
  result: PushResult,
): Promise<void> {
  const rest = own.map((image, index) => without(image, standing[index]));
  const again = await engine.build(rest, settings);
  result.failures.push(...again.failures.map(({ image, failure }) => ({ image: original(image, own), failure })));
  for (const [repository, digest] of again.layers ?? []) {
    result.layers.set(repository, digest);
  }
  for (const [index, image] of own.entries()) {
    const digest = again.digests.get(image.repository);
    if (digest === undefined) {
      continue;
    }
    const there = settings.space === 'release' ? otherUnderKey(image, standing[index], digest) : undefined;
    const reason = whyNotTheSame(
      image,
      there === undefined ? standing[index] : withoutKey(image, standing[index]),
      digest,
    );
    if (reason === undefined) {
      result.digests.set(image.repository, digest);
      if (there !== undefined) {
        result.taken.set(image.repository, there);
      }
    } else {
      const failure = { target: undefined, line: undefined, instruction: undefined, reason };
      result.failures.push({ image, failure });
    }
  }
}

/** The tags of each image that the registry has. One that cannot be asked for counts as not there. */
function findTags(images: readonly PlannedImage[], registry: RegistryClient): Promise<Standing[]> {
  return Promise.all(
    images.map(async ({ repository, tags }) => {
      const path = parseReference(repository).path;
      const found = await Promise.all(
        tags.map(async (tag): Promise<[string, string][]> => {
          const digest = await registry.digest(path, tag).catch(() => undefined);
          return digest === undefined ? [] : [[tag, digest]];
        }),
      );
      return new Map(found.flat());
    }),
  );
}

function without(image: PlannedImage, standing: Standing | undefined): PlannedImage {
  return { ...image, tags: image.tags.filter((tag) => standing?.has(tag) !== true) };
}

/**
 * What stands under the key of a release's image, where that is another image. It is nobody's version: somebody else's, or of
 * a build that nobody recorded. The release does without that tag.
 */
function otherUnderKey({ key }: PlannedImage, standing: Standing | undefined, digest: string): string | undefined {
  const there = key === undefined ? undefined : standing?.get(key);
  return there === digest ? undefined : there;
}

function withoutKey({ key }: PlannedImage, standing: Standing | undefined): Standing {
  return new Map([...(standing ?? [])].filter(([tag]) => tag !== key));
}

function original(image: PlannedImage, images: readonly PlannedImage[]): PlannedImage {
  return images.find(({ repository }) => repository === image.repository) ?? image;
}

function whyNotTheSame(
  { repository }: PlannedImage,
  standing: Standing | undefined,
  digest: string,
): string | undefined {
  const other = [...(standing ?? [])].find(([, there]) => there !== digest);
  return other && takenMessage(repository, other[0], other[1], digest);
}
