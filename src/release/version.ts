import semver from 'semver';

export type Level = 'major' | 'minor' | 'patch';

/** Input for the next version. */
export interface VersionQuestion {
  /** The last stable release; `undefined` before the first. */
  last: string | undefined;
  /** What the changes since `last` ask for. */
  level: Level;
  /** Version of the first release, for example `0.1.0`. */
  first: string;
  /** Prereleases that this history holds, in any order. */
  prereleases: readonly string[];
  /** Identifier of a prerelease to make, for example `rc`; `undefined` makes a stable release. */
  prerelease: string | undefined;
  /** What a feature raises before 1.0.0; `minor` by default. */
  beforeOne?: Level | undefined;
  /** The version that people asked for instead of what the changes do. */
  as?: string | undefined;
  /** Every version of the app that has a tag anywhere: the number of a prerelease is never used twice. */
  taken: readonly string[];
}

/**
 * The next version.
 *
 * - A version that people asked for is taken as it is.
 * - Before 1.0.0 a breaking change raises the minor (Semantic Versioning, item 4: anything may change), and a feature the
 *   minor or the patch, as the repository says. Nothing but people's word leads to 1.0.0.
 * - A prerelease that is already out for a higher version than the changes ask for pulls the release up to it:
 *   `2.0.0-rc.1` is followed by `2.0.0`, never by `1.3.0`.
 * - A prerelease counts on from the highest number in use: `1.3.0-rc.1`, `1.3.0-rc.2`.
 *
 * @see https://semver.org/#spec-item-4
 */
export function nextVersion(question: VersionQuestion): string {
  const { last, level, first, prereleases, prerelease, beforeOne, as, taken } = question;
  const asked = last === undefined ? first : increase(last, level, beforeOne);
  const target = as ?? prereleases.map(withoutPrerelease).reduce((a, b) => (semver.gt(b, a) ? b : a), asked);
  if (prerelease === undefined || isPrerelease(target)) {
    return target;
  }
  const numbers = taken
    .map((version) => semver.parse(version))
    .filter((version) => version !== null && withoutPrerelease(version.version) === target)
    .map((version) => (version?.prerelease[0] === prerelease ? Number(version.prerelease[1] ?? 0) : 0))
    .filter((number) => Number.isInteger(number) && number <= HIGHEST);
  return `${target}-${prerelease}.${Math.max(0, ...numbers) + 1}`;
}

/** The highest number in a version that can be counted on from; nobody's is, and above it numbers are not exact. */
const HIGHEST = 999_999_999;

/** Whether a version can be followed by another one: no tag or wish makes numbers that are none. */
export function isCountable(version: string): boolean {
  const { major, minor, patch } = new semver.SemVer(version);
  return Math.max(major, minor, patch) <= HIGHEST;
}

/** Whether a version is a prerelease, by its hyphen. */
export function isPrerelease(version: string): boolean {
  return semver.prerelease(version) !== null;
}

function increase(version: string, level: Level, beforeOne: Level = 'minor'): string {
  const { major, minor, patch } = new semver.SemVer(version);
  if (major === 0 && level === 'minor' && beforeOne === 'patch') {
    return `0.${minor}.${patch + 1}`;
  }
  if (level === 'major' && major > 0) {
    return `${major + 1}.0.0`;
  }
  return level === 'patch' ? `${major}.${minor}.${patch + 1}` : `${major}.${minor + 1}.0`;
}

function withoutPrerelease(version: string): string {
  const { major, minor, patch } = new semver.SemVer(version);
  return `${major}.${minor}.${patch}`;
}
