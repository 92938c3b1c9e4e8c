import semver from 'semver';
import * as v from 'valibot';

/** What a change without a conventional title asks for. */
export const DEFAULT_LEVELS = ['patch', 'minor', 'none'] as const;

/** What a feature raises before 1.0.0. */
export const LEVELS_BEFORE_ONE = ['minor', 'patch'] as const;

/** Whether a text is three numbers and nothing else, as `0.1.0`. */
export function isPlainVersion(text: string): boolean {
  const version = semver.parse(text);
  return version !== null && version.version === text && version.prerelease.length === 0;
}

/** Whether a text can name prereleases, as `rc`. */
export function isPrereleaseWord(text: string): boolean {
  return /^[A-Za-z][0-9A-Za-z-]*$/.test(text);
}

/** The keys of `ostack.yaml` in an apps repository about releases. An input of the same name wins over each. */
export const releaseKeys = {
  'release-branches': v.pipe(
    v.optional(v.pipe(v.array(v.pipe(v.string(), v.nonEmpty('expected the name of a branch'))), v.minLength(1))),
    v.description(
      'Branches that releases are made from, with * in place of any text without a slash: [main, release/*]. Default: the default branch.',
    ),
  ),
  'tag-format': v.pipe(
    v.optional(v.string()),
    v.description(
      'How tags are named, with {app} and {version}. Default: {app}-v{version}, or v{version} where the repository is one app.',
    ),
  ),
  'first-version': v.pipe(
    v.optional(
      v.pipe(v.string(), v.check(isPlainVersion, 'expected a version as 0.1.0: three numbers and nothing else')),
    ),
    v.description("Version of an app's first release. Default: 0.1.0."),
  ),
  'before-1.0': v.pipe(
    v.optional(v.picklist(LEVELS_BEFORE_ONE)),
    v.description(
      'What a feature raises while the version is below 1.0.0: minor or patch. What breaks raises the minor in both. Default: minor.',
    ),
  ),
  prerelease: v.pipe(
    v.optional(v.pipe(v.string(), v.check(isPrereleaseWord, 'expected a word as rc or beta: letters, digits and "-"'))),
    v.description('Make prereleases with this word instead of releases: rc gives 1.3.0-rc.1, then 1.3.0-rc.2.'),
  ),
  'default-level': v.pipe(
    v.optional(v.picklist(DEFAULT_LEVELS)),
    v.description('What a change without a conventional title asks for. Default: patch.'),
  ),
  'ignored-types': v.pipe(
    v.optional(v.array(v.string())),
    v.description(
      'Types of commits that release nothing by themselves and are left out of the notes. Default: [docs, test, ci, style].',
    ),
  ),
};
