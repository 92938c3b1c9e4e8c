import * as core from '@actions/core';
import type { DeliveredImage, FailedImage } from '../../images/deliver.js';
import { digestOf } from '../../images/digest.js';
import type { Image } from '../../images/image.js';
import type { PlannedImage } from '../../images/plan.js';
import type { Release } from '../../release/release.js';
import { info } from '../../runtime/log.js';
import { fits, packed } from '../../runtime/packed.js';

/** Sets `releases` to those whose images were all delivered. */
export function setReleases(releases: readonly Release[], failed: readonly FailedImage[]): void {
  const broken = new Set(failed.map(({ planned }) => planned.app));
  core.setOutput('releases', packed(releases.filter(({ app }) => !broken.has(app))));
}

/** What was pushed, or put into an archive. Images that were only built have no digest and are left out. */
export function imagesOf(delivered: readonly DeliveredImage[]): Image[] {
  return delivered.flatMap(({ planned, digest, reused, platforms }): Image[] => {
    const { app, image, repository, released, tags } = planned;
    const names = { app, image, repository, ...(released !== undefined && { released }) };
    return digest === undefined ? [] : [{ ...names, tag: tags[0] ?? '', digest, reused, platforms }];
  });
}

/**
 * Checks, before anything is built, that the list of these images will fit into an input of a later step.
 *
 * @throws Error naming their number when it will not
 */
export function checkOutputSize(planned: readonly PlannedImage[], platforms: readonly string[]): void {
  const list = planned.map(({ app, image, repository, released, tags }) => ({
    ...{
      app,
      image,
      repository,
      released,
      tag: tags[0] ?? '',
      reused: false,
      platforms: platforms.length === 0 ? ['linux/amd64'] : platforms,
    },
    // Digests cannot be compressed, so any digest will do.
    digest: digestOf(repository),
  }));
  if (!fits(list)) {
    throw new Error(
      `${planned.length} images are more than one step can tell the next of (128 KiB packed). ` +
        'Deliver them in parts: give releases of fewer apps, or name the apps, about 2,000 images at a time.',
    );
  }
}

/** Sets `images`, and for one image the parts of its name. */
export function setOutputs(images: readonly Image[]): void {
  core.setOutput('images', packed(images));
  const [only] = images;
  if (only !== undefined && images.length === 1) {
    core.setOutput('image', `${only.repository}:${only.tag}@${only.digest}`);
    core.setOutput('repository', only.repository);
    core.setOutput('tag', only.tag);
    core.setOutput('digest', only.digest);
  }
  for (const { repository, tag, digest, reused } of images) {
    info(`${repository}:${tag}@${digest} ${reused ? '(reused)' : '(built)'}`);
  }
}
