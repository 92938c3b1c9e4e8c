import { registryKind } from './registry-kinds.js';

/**
 * Whose images go somewhere: those of releases, those of pull requests, or those of forks. Each has names of its own in the
 * registry, so that nothing which one of them writes is ever taken for the work of another.
 */
export type Space = 'release' | 'previews' | 'quarantine';

/** What stands for an image's name in a pattern. */
export const IMAGE = '{image}';

/**
 * How images of a space are named where nobody says it: `ghcr.io/acme/previews/{image}`. In a registry that has no names
 * with more than two parts, it is `docker.io/acme/{image}-previews`.
 *
 * @param registry where releases go, `ghcr.io/acme`
 */
export function namesIn(space: Space, registry: string): string {
  if (space === 'release') {
    return `${registry}/${IMAGE}`;
  }
  const [host = ''] = registry.split('/');
  return registryKind(host).isFlat === true ? `${registry}/${IMAGE}-${space}` : `${registry}/${space}/${IMAGE}`;
}

/** The name of an image by a pattern. */
export function nameBy(pattern: string, image: string): string {
  return pattern.replaceAll(IMAGE, image);
}

/**
 * What is wrong with a pattern for the images of pull requests, where releases go to `registry`.
 *
 * @returns the end of a sentence about the pattern; `undefined` where nothing is
 */
export function patternProblem(pattern: string, registry: string): string | undefined {
  if (pattern.split(IMAGE).length !== 2) {
    return `expected "${IMAGE}" once, where the name of the image goes: ${namesIn('previews', registry)}`;
  }
  return pattern === namesIn('release', registry)
    ? `which is where releases go: expected names of their own, such as ${namesIn('previews', registry)}`
    : undefined;
}

/** Events of what nobody has merged: what they build is no release. */
const UNMERGED = /^(?:pull_request|merge_group$|issue_comment$)/;

/** The space of what a run builds, where nothing else says it. */
export function spaceOf({ event, releases }: { event: string; releases: boolean }): Exclude<Space, 'quarantine'> {
  return !releases && UNMERGED.test(event) ? 'previews' : 'release';
}
