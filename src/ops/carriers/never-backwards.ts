import type { Target } from './carrier.js';
import { compareVersions, type Versioned } from './compare-versions.js';

/**
 * Whether setting a target would go backwards: what is there has a newer semantic version. Nothing goes backwards by
 * accident; a version that cannot be compared is no newer one.
 */
export function goesBackwards({ current, target }: { current: Versioned; target: Target }): boolean {
  const tag = target.kind === 'image' ? target.tag : target.gitTag;
  return compareVersions(current, { tag }) === 'older';
}
