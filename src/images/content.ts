import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { contentTag } from './content-key.js';
import { baseImages } from './dockerfile.js';
import type { BuildEngine } from './engine.js';
import { frontendOf } from './frontend.js';
import { pinnedName } from './pins.js';
import type { BuildSettings, PlannedImage } from './plan.js';
import { parseReference } from './reference.js';
import type { SeenFilesReader } from './seen-files.js';
import { whyUnforeseeable } from './unforeseeable.js';

/** The content of an image, or the reason why it is unknown. */
export type FoundContent =
  | {
      /** The tag by which it is found again. */
      tag: string;
      /** Digests of base images by name, and the frontend with its digest: those that the tag stands for. */
      pins: Record<string, string>;
      frontend: string | undefined;
      /** What is not there as the commit means it, see `SeenFiles`. */
      absent: readonly string[];
    }
  | { reason: string };

/** What a look at the content needs. */
export interface ContentTools {
  files: SeenFilesReader;
  engine: Pick<BuildEngine, 'name' | 'baseDigest'>;
}

/**
 * Identifies the content of an image: the files that its build sees, its build arguments, and the current digests of its
 * base images. Never throws: a failure is a reason to build the image.
 */
export async function findContent(
  image: PlannedImage,
  settings: BuildSettings,
  tools: ContentTools,
): Promise<FoundContent> {
  try {
    return await identify(image, settings, tools);
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) };
  }
}

async function identify(
  image: PlannedImage,
  settings: BuildSettings,
  { files, engine }: ContentTools,
): Promise<FoundContent> {
  const seen = await files.read(image);
  if ('reason' in seen) {
    return seen;
  }
  const { context, file } = image;
  const { buildArgs, provenance, sbom } = settings;
  const dockerfile = await readFile(join(settings.root, file), 'utf8');
  const frontend = engine.name === 'buildah' ? undefined : frontendOf(dockerfile, buildArgs);
  const doubt = whyUnforeseeable(dockerfile, file, frontend);
  if (doubt !== undefined) {
    return { reason: doubt };
  }
  const { images, unknown } = baseImages(dockerfile, buildArgs);
  if (unknown.length > 0) {
    return { reason: `${file} takes "${unknown[0]}", which does not tell one image` };
  }
  const pins: Record<string, string> = {};
  for (const name of images) {
    pins[name] = await digestOf(name, engine);
  }
  const pinned = frontend && pinnedName(frontend.name, await digestOf(frontend.name, engine)) + frontend.rest;
  const tag = contentTag({
    files: seen.digests,
    revision: seen.seesGit ? settings.revision : undefined,
    context,
    file,
    buildArgs,
    platforms: settings.platforms.length > 0 ? settings.platforms : [`this machine's, ${process.arch}`],
    bases: { ...pins, ...(pinned !== undefined && { '# syntax': pinned }) },
    secrets: settings.secrets.map(({ id }) => id),
    provenance,
    sbom,
  });
  return { tag, pins, frontend: pinned, absent: seen.absent };
}

async function digestOf(name: string, engine: ContentTools['engine']): Promise<string> {
  try {
    return parseReference(name).digest ?? (await engine.baseDigest(name));
  } catch (error) {
    throw new Error(`the digest of ${name} is not known: ${error instanceof Error ? error.message : String(error)}`);
  }
}
