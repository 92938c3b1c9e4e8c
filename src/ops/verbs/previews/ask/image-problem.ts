import { namesIn, type Space } from '../../../../images/spaces.js';
import { fullRepository } from '../../../carriers/image-reference.js';
import type { PreviewApp } from '../../../preview-records/record.js';
import { fitsWildcards } from '../../../tree/wildcards.js';

/** Which images a pull request may bring. */
export interface AllowedImages {
  /** `previews.images` of the policy. */
  patterns: readonly string[] | undefined;
  /** Images of the host environment, without tag and digest. */
  running: readonly string[];
  /** Where its images go: those of forks go elsewhere. */
  space: Exclude<Space, 'release'>;
}

/** The patterns of names that fit: those of the policy, else the space of pull requests beside each image of the host. */
export function allowedNames({ patterns, running, space }: AllowedImages): string[] {
  const beside = running.map((name) => namesIn(space, registryOf(fullRepository(name))).replace('{image}', '*'));
  return [...new Set(patterns ?? beside)];
}

/**
 * What a pull request brings that it may not: an image of a registry that ops knows nothing of, or one that is called as those of
 * releases are. Names are all that is known of an image, so they decide.
 *
 * @param apps as they were asked for
 * @returns two sentences for people; `undefined` where nothing is wrong
 */
export function imageProblem(apps: readonly PreviewApp[], allowed: AllowedImages, host: string): string | undefined {
  const names = allowedNames(allowed);
  const images = apps.flatMap((app) => app.images);
  const other = images.find(({ repository }) => !names.some((name) => fitsWildcards(name, fullRepository(repository))));
  return (
    other &&
    `The image ${other.repository} is none that previews take: they take ${names.join(', ') || 'none'}. ` +
      `To take others, name them in ostack.yaml of the ops repository: "previews: { host: ${host}, images: [${other.repository}] }".`
  );
}

function registryOf(name: string): string {
  return name.slice(0, name.lastIndexOf('/'));
}
