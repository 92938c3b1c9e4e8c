import semver from 'semver';
import { versionOf } from './tag-version.js';

/** The order of an incoming version relative to the deployed one. */
export type VersionOrder = 'newer' | 'same' | 'same-version-other-digest' | 'older' | 'unknown';

/** The tag and digest of a version. */
export interface Versioned {
  /** An image tag (`1.4.0`, `v1.4.0`) or a git tag (`my-app-v1.4.0`). */
  tag?: string | undefined;
  /** `sha256:…`, where known. */
  digest?: string | undefined;
}

/**
 * Compares the version of a release with the one that an environment runs. "Never backwards by accident" is decided by
 * this: what is `older` does not replace what is deployed. A prerelease is older than its release. A tag without a
 * semantic version compares with nothing else: the order is `unknown`, unless both tags are equal.
 *
 * @returns the order of `incoming` relative to `deployed`
 * @see https://semver.org/#spec-item-11
 */
export function compareVersions(deployed: Versioned, incoming: Versioned): VersionOrder {
  const before = deployed.tag === undefined ? undefined : versionOf(deployed.tag);
  const after = incoming.tag === undefined ? undefined : versionOf(incoming.tag);
  if (before !== undefined && after !== undefined) {
    const order = semver.compare(after, before);
    return order === 0 ? sameVersion(deployed, incoming) : order > 0 ? 'newer' : 'older';
  }
  if (deployed.tag !== undefined && deployed.tag === incoming.tag) {
    return sameVersion(deployed, incoming);
  }
  return deployed.digest !== undefined && deployed.digest === incoming.digest && deployed.tag === undefined
    ? 'same'
    : 'unknown';
}

/** Two versions with equal tags are the same, unless both digests are known and differ: the tag was moved. */
function sameVersion(deployed: Versioned, incoming: Versioned): VersionOrder {
  const differs = deployed.digest !== undefined && incoming.digest !== undefined && deployed.digest !== incoming.digest;
  return differs ? 'same-version-other-digest' : 'same';
}
