import type { Target } from './carrier.js';
import { compareVersions, type Versioned } from './compare-versions.js';
import { tagOf } from './target.js';

/**
 * Whether setting a target would go backwards: what is there has a newer semantic version. Nothing goes backwards by
 * accident; a version that cannot be compared is no newer one.
 */
export function goesBackwards({ current, target }: { current: Versioned; target: Target }): boolean {
  const tag = tagOf(target);
  return compareVersions(current, { tag }) === 'older';
}
