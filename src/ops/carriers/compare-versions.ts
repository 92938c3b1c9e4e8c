import semver from 'semver';
import { versionOf } from './tag-version.js';

/** How an incoming version stands to the one that is deployed. */
export type VersionOrder = 'newer' | 'same' | 'same-version-other-digest' | 'older' | 'unknown';

/** A version as deployed or as released. */
export interface Versioned {
  /** An image tag (`1.4.0`, `v1.4.0`) or a git tag (`my-app-v1.4.0`). */
  tag?: string | undefined;
  /** `sha256:…`, where known. */
  digest?: string | undefined;
}

/**
 * Compares what a release brings with what an environment holds, so that nothing goes backwards by accident.
 * Prereleases stand before their release (semver 11). A tag that is no semantic version compares with nothing:
 * `unknown`, unless both are the very same tag.
 */
export function compareVersions(deployed: Versioned, incoming: Versioned): VersionOrder {
  const held = deployed.tag === undefined ? undefined : versionOf(deployed.tag);
  const brought = incoming.tag === undefined ? undefined : versionOf(incoming.tag);
  if (held !== undefined && brought !== undefined) {
    const order = semver.compare(brought, held);
    return order === 0 ? sameVersion(deployed, incoming) : order > 0 ? 'newer' : 'older';
  }
  if (deployed.tag !== undefined && deployed.tag === incoming.tag) {
    return sameVersion(deployed, incoming);
  }
  return deployed.digest !== undefined && deployed.digest === incoming.digest && deployed.tag === undefined
    ? 'same'
    : 'unknown';
}

/** Equal tags with digests known on both sides and different are two contents under one name. */
function sameVersion(deployed: Versioned, incoming: Versioned): VersionOrder {
  const differs = deployed.digest !== undefined && incoming.digest !== undefined && deployed.digest !== incoming.digest;
  return differs ? 'same-version-other-digest' : 'same';
}
