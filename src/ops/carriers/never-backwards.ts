import type { Carrier, Target } from './carrier.js';
import { compareVersions, type Versioned } from './compare-versions.js';
import { tagOf } from './target.js';

/**
 * Whether setting a target would go backwards: what is there has a newer semantic version. Nothing goes backwards by
 * accident; a version that cannot be compared is no newer one, and neither is one that is overridden, because nothing runs it.
 */
export function goesBackwards({
  current,
  target,
  overriddenBy,
}: { current: Versioned; target: Target } & Pick<Partial<Carrier>, 'overriddenBy'>): boolean {
  const tag = tagOf(target);
  return overriddenBy === undefined && compareVersions(current, { tag }) === 'older';
}
