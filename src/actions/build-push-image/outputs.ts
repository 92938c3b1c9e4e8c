import * as core from '@actions/core';
import type { DeliveredImage, FailedImage } from '../../images/deliver.js';
import type { Image } from '../../images/image.js';
import type { Release } from '../../release/release.js';
import { info } from '../../runtime/log.js';

/** Sets `releases` to those that every image of is there for. */
export function setReleases(releases: readonly Release[], failed: readonly FailedImage[]): void {
  const broken = new Set(failed.map(({ planned }) => planned.app));
  core.setOutput(
    'releases',
    releases.filter(({ app }) => !broken.has(app)),
  );
}

/** What was pushed, or put into an archive. Images that were only built have no digest and are left out. */
export function imagesOf(delivered: readonly DeliveredImage[]): Image[] {
  return delivered.flatMap(({ planned, digest, reused, platforms }): Image[] => {
    const { app, image, repository, tags } = planned;
    return digest === undefined ? [] : [{ app, image, repository, tag: tags[0] ?? '', digest, reused, platforms }];
  });
}

/** Sets `images`, and for one image the parts of its name. */
export function setOutputs(images: readonly Image[]): void {
  core.setOutput('images', images);
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
