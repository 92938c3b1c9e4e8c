import semver from 'semver';

/**
 * Which tags a new version sets: its own, and the floating `vX.Y` and `vX` where nothing newer holds them.
 * A prerelease sets only its own; an older line sets what is its own to set (`1.2.4` beside `1.3.0` moves `v1.2`).
 *
 * @param published every version published so far
 * @throws Error when the version is not a plain semantic version
 */
export function tagsOf(version: string, published: readonly string[]): string[] {
  const parsed = semver.parse(version);
  if (parsed === null || parsed.version !== version) {
    throw new Error(
      `"${version}" is not a version to publish. Expected for example 1.2.3 or 2.0.0-rc.1, without a "v".`,
    );
  }
  if (parsed.prerelease.length > 0) {
    return [`v${version}`];
  }
  const newest = (range: string) =>
    published.every((other) => !semver.satisfies(other, range) || semver.lte(other, version));
  const { major, minor } = parsed;
  return [
    `v${version}`,
    ...(newest(`~${major}.${minor}.0`) ? [`v${major}.${minor}`] : []),
    ...(newest(`>=${major}.0.0 <${major + 1}.0.0`) ? [`v${major}`] : []),
  ];
}

/** The version whose commit a new one follows: the newest below it, so that comparing two tags shows what changed. */
export function parentOf(version: string, published: readonly string[]): string | undefined {
  return semver.rsort(published.filter((other) => semver.lt(other, version)))[0];
}

/** The version of a tag `v1.2.3`; floating and other tags have none. */
export function versionOf(tag: string): string | undefined {
  const version = tag.startsWith('v') ? tag.slice(1) : '';
  return semver.parse(version)?.version === version ? version : undefined;
}
