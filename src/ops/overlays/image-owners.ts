import { appOfImage } from '../carriers/app-of-image.js';
import { sameRepository } from '../carriers/image-reference.js';
import type { ImageOwner } from '../carriers/overlay-file.js';
import type { Layout } from './layout.js';

/** The images of which the policy says whose they are. */
export function imageOwners({ apps }: Pick<Layout, 'apps'>): ImageOwner[] {
  return [...(apps ?? [])].flatMap(([app, { images }]) => images.map((repository) => ({ app, repository })));
}

/** The app that an image belongs to: as the policy says, else by its name. */
export function ownerOf(image: string, known: Iterable<string>, owners: readonly ImageOwner[]): string | undefined {
  return owners.find(({ repository }) => sameRepository(repository, image))?.app ?? appOfImage(image, known);
}
