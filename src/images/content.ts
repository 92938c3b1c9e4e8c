import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Git } from '../git/git.js';
import { readObjects } from './checkout.js';
import { contentTag } from './content-key.js';
import { baseImages } from './dockerfile.js';
import type { BuildEngine } from './engine.js';
import type { BuildSettings, PlannedImage } from './plan.js';

/** The tag of an image's content, or the reason why its content is unknown. */
export type FoundContent = { tag: string } | { reason: string };

/**
 * Identifies the content of an image: git's ids of its paths, its build arguments, and the current digests of its base
 * images. Never throws: a failure is a reason to build the image.
 */
export async function findContent(
  image: PlannedImage,
  settings: BuildSettings,
  { git, engine }: { git: Git; engine: Pick<BuildEngine, 'baseDigest'> },
): Promise<FoundContent> {
  const ignoreFile = `${image.file}.dockerignore`;
  const hasIgnoreFile = await access(join(settings.root, ignoreFile)).then(
    () => true,
    () => false,
  );
  const paths = [image.context, image.file, ...(hasIgnoreFile ? [ignoreFile] : []), ...image.shared];
  const found = await readObjects(git, settings.root, paths);
  if ('reason' in found) {
    return found;
  }
  const dockerfile = await readFile(join(settings.root, image.file), 'utf8');
  const { images, unknown } = baseImages(dockerfile, settings.buildArgs);
  if (unknown.length > 0) {
    return { reason: `${image.file} takes "${unknown[0]}" from an argument without a value` };
  }
  const bases: Record<string, string> = {};
  for (const name of images) {
    try {
      bases[name] = /@(sha256:[0-9a-f]{64})$/.exec(name)?.[1] ?? (await engine.baseDigest(name));
    } catch (error) {
      return {
        reason: `the digest of ${name} is not known: ${error instanceof Error ? error.message : String(error)}`,
      };
    }
  }
  const { context, file } = image;
  const { buildArgs, provenance, sbom } = settings;
  const platforms = settings.platforms.length > 0 ? settings.platforms : [`this machine's, ${process.arch}`];
  const secrets = settings.secrets.map(({ id }) => id);
  const { objects } = found;
  return { tag: contentTag({ objects, context, file, buildArgs, platforms, bases, secrets, provenance, sbom }) };
}
