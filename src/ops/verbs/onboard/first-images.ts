import type { ImageTarget } from '../../carriers/carrier.js';
import { imageTarget } from '../../carriers/image-reference.js';
import { appInApps } from '../../repository/workspaces.js';
import type { Base } from './base.js';
import type { Onboarding } from './onboarding.js';
import type { Source } from './source.js';

/**
 * The images that the app starts with: those that the request names, those of its base with the requested version as tag,
 * or those of the environment that it comes from.
 *
 * @returns none for an app that has its version in the address of a remote base
 * @throws Error naming the input to give where the first version is not known
 */
export async function firstImages(
  onboarding: Onboarding,
  source: Source | undefined,
  base: Base,
): Promise<readonly ImageTarget[]> {
  const { environment, images, version } = onboarding;
  const app = appInApps(onboarding.app, onboarding.policy.guests);
  if (images.length > 0) {
    return images;
  }
  if (version !== undefined) {
    const named = imagesNamed(base.manifests?.images ?? [], app, version);
    if (named.length === 0) {
      throw new Error(
        `Nothing in ${base.folder} runs an image named ${app} or ${app}-<part>, so a version alone does not say what to ` +
          'deploy. Give the images with the input "images".',
      );
    }
    return named;
  }
  if (source === undefined || (source.images.length === 0 && source.remote.length === 0)) {
    throw new Error(
      `Nothing says which version of ${app} ${environment} starts with: no environment before it has one. ` +
        'Give it with the input "version" or "images".',
    );
  }
  return source.images;
}

/** Those of some images that are called after an app, at a version. */
export function imagesNamed(names: readonly string[], app: string, version: string): ImageTarget[] {
  return names.filter((name) => isOf(name.split('/').at(-1) ?? '', app)).map((name) => imageTarget(name, version));
}

function isOf(image: string, app: string): boolean {
  return image === app || image.startsWith(`${app}-`);
}
