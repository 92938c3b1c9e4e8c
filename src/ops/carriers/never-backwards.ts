import type { Carrier } from './carrier.js';
import { compareVersions } from './compare-versions.js';

/**
 * Whether setting the target of a carrier would go backwards: it has a newer semantic version. Nothing goes backwards by
 * accident; a version that cannot be compared is no newer one.
 */
export function goesBackwards({ current, target }: Carrier): boolean {
  const tag = target.kind === 'image' ? target.tag : target.gitTag;
  return compareVersions(current, { tag }) === 'older';
}
