import semver from 'semver';

/**
 * The semantic version in a tag: in `1.4.0`, `v1.4.0`, `my-app-v1.4.0`, `my-app@1.4.0` or `my-app/v1.4.0-rc.1`.
 *
 * @returns the version without prefix, `undefined` where the tag has none (`latest`, `main-3f2a1b`, `2026-11-21`)
 * @see https://semver.org/#spec-item-2
 */
export function versionOf(tag: string): string | undefined {
  const match = /^(?:.*?[-@/_])?v?(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?)$/.exec(tag);
  return match?.[1] === undefined ? undefined : (semver.parse(match[1])?.version ?? undefined);
}

/**
 * The prefix that all tags of an app share, whatever its format: the tag without its version.
 *
 * @returns `my-app-v` of `my-app-v1.4.0`, `undefined` where the tag has no version
 */
export function tagFamily(tag: string): string | undefined {
  const version = versionOf(tag);
  return version === undefined ? undefined : tag.slice(0, tag.length - version.length);
}
