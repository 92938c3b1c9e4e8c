import semver from 'semver';

/** Versions that a branch of maintenance is for: `1.x`, `1.4.x`. */
export interface MaintenanceLine {
  branch: string;
  /** As the branch says it. */
  name: string;
  has(version: string): boolean;
}

/**
 * The line that the name of a branch ends with: `1.x` of `release/1.x`, `1.4.x` of `maintenance/v1.4.x`, and
 * `1.x.x` as semantic-release has it.
 *
 * @param ref `refs/heads/release/1.x`
 * @returns `undefined` for any other branch
 */
export function maintenanceLine(ref: string): MaintenanceLine | undefined {
  const [, branch = '', name = '', major, minor] =
    /^refs\/heads\/((?:.*[/-])?v?((\d{1,9})\.(?:(\d{1,9})\.)?x(?:\.x)?))$/.exec(ref) ?? [];
  if (major === undefined) {
    return undefined;
  }
  return {
    branch,
    name,
    has(version) {
      const { major: first, minor: second } = new semver.SemVer(version);
      return first === Number(major) && (minor === undefined || second === Number(minor));
    },
  };
}
