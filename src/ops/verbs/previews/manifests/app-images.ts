import { sameRepository } from '../../../carriers/image-reference.js';
import type { AppBase } from '../../../judgement/preview-base.js';
import type { PreviewImage } from '../../../preview-records/record.js';
import type { ImageEntry } from './host-environment.js';

/**
 * The `images:` entries of an app in a preview: those of the host environment, with the images that the pull request built
 * in place of theirs. Where something that is not read leaves the names open, a built image is entered under that of its releases.
 *
 * @param isOpen whether the base has something that is not read
 * @param running entries of the host environment
 * @param built images of the pull request, none for an app that it does not change
 * @returns the entries by name, and the built images that nothing in the base runs
 */
export function previewImages(
  { manifests, isOpen }: Pick<AppBase, 'manifests'> & { isOpen: boolean },
  running: readonly ImageEntry[],
  built: readonly PreviewImage[],
): { entries: ImageEntry[]; unused: PreviewImage[] } {
  const entries = new Map(running.map((entry) => [entry.name, entry]));
  const unused: PreviewImage[] = [];
  for (const image of built) {
    const { repository, tag, digest } = image;
    const known = namesOf(image, manifests.images, running);
    if (known.length === 0 && !isOpen) {
      unused.push(image);
    }
    for (const name of known.length === 0 && isOpen ? [image.released ?? repository] : known) {
      entries.set(name, { name, newName: repository, newTag: tag, digest });
    }
  }
  const sorted = [...entries.values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  return { entries: sorted, unused };
}

/**
 * The names that a base has for an image: its repository as a release, names that the host environment replaces by that repository,
 * or, where there are none of these, names that end in the image's own.
 */
function namesOf(image: PreviewImage, names: readonly string[], running: readonly ImageEntry[]): string[] {
  const released = image.released ?? image.repository;
  const same = names.filter((name) => sameRepository(name, released));
  const renamed = running
    .filter(({ newName }) => newName !== undefined && sameRepository(newName, released))
    .map(({ name }) => name);
  const exact = [...new Set([...same, ...renamed])];
  return exact.length > 0 ? exact : names.filter((name) => name.split('/').at(-1) === image.image);
}
