import type { Image } from '../../../../images/image.js';
import type { PreviewApp } from '../../../preview-records/record.js';

/**
 * The apps that a pull request changes, by their names in the ops repository, with the images built for it.
 *
 * @param images output of `build-push-image`
 * @param affected names of apps, some of which may have no image
 * @param nameInOps what the ops repository calls an app
 * @returns in the order of their names in the apps repository
 * @throws whatever `nameInOps` throws
 */
export function changedApps(
  images: readonly Omit<Image, 'reused' | 'platforms'>[],
  affected: readonly string[],
  nameInOps: (app: string) => string,
): PreviewApp[] {
  const names = [...new Set([...affected, ...images.map(({ app }) => app)])].sort();
  return names.map((app) => ({
    app: nameInOps(app),
    images: images
      .filter((image) => image.app === app)
      .map(({ image, repository, released, tag, digest }) => ({
        ...{ image, repository, ...(released !== undefined && { released }) },
        ...{ tag, digest },
      })),
  }));
}
