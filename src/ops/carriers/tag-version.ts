import semver from 'semver';

/**
 * The semantic version inside a tag: `1.4.0`, `v1.4.0`, `my-app-v1.4.0`, `my-app@1.4.0`, `my-app/v1.4.0-rc.1`.
 *
 * @returns the version without prefix, or `undefined` when the tag holds none (`latest`, `main-3f2a1b`, `2026-11-21`)
 * @see https://semver.org/#spec-item-2
 */
export function versionOf(tag: string): string | undefined {
  const match = /^(?:.*?[-@/_])?v?(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?)$/.exec(tag);
  return match?.[1] === undefined ? undefined : (semver.parse(match[1])?.version ?? undefined);
}

/**
 * What the tags of one app have in common, whatever their format: all but the version.
 *
 * @returns `my-app-v` of `my-app-v1.4.0`, `undefined` where the tag holds no version
 */
export function tagFamily(tag: string): string | undefined {
  const version = versionOf(tag);
  return version === undefined ? undefined : tag.slice(0, tag.length - version.length);
}
