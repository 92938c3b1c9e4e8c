import semver from 'semver';
import type { App } from '../apps/app.js';
import type { AppTag } from './tags.js';

/** A release that another tool or a person has tagged, in a format that is not this repository's. */
export interface ForeignTag extends AppTag {
  /** For `tag-format`: `{app}@{version}`. */
  format: string;
  /** The app that its name has, `undefined` where it has none. */
  app: string | undefined;
  /** Whether it counts days or has two numbers only: then it is no semantic version. */
  dated: boolean;
}

/** From this number on, a version is a year. */
const FIRST_YEAR = 1990;

/** The version at the end of a tag, and what is before it. Numbers may begin with zeros and be two only. */
const TAG = /^(.*?)(v?)(\d{1,9})\.(\d{1,9})(?:\.(\d{1,9}))?((?:-[0-9A-Za-z.-]{1,100})?)$/;

/** What may stand between the name of an app and its version. */
const SEPARATORS = ['@', '-', '/', '_', '.', '#', ''];

/** What stands before the version of a whole repository. */
const WORDS = ['', 'release-', 'release/', 'release_', 'version-', 'version/', 'rel-'];

/**
 * The tags that look like releases of apps or of the whole repository, highest version first: `1.4.0`, `v1.4.0`,
 * `shop@2.4.0`, `@acme/shop@2.4.0`, `shop/v2.4.0`, `v2026.04.28`.
 *
 * @param apps names of the apps
 */
export function foreignTags(tags: readonly { name: string; commit: string }[], apps: readonly string[]): ForeignTag[] {
  const known = new Set(apps);
  return tags
    .map((tag) => readForeign(tag, known))
    .filter((tag) => tag !== undefined)
    .sort((a, b) => semver.rcompare(a.version, b.version));
}

function readForeign(
  { name, commit }: { name: string; commit: string },
  apps: ReadonlySet<string>,
): ForeignTag | undefined {
  const [, before = '', v = '', major = '', minor = '', patch, prerelease = ''] = TAG.exec(name) ?? [];
  if (major === '') {
    return undefined;
  }
  const version = semver.parse(`${Number(major)}.${Number(minor)}.${Number(patch ?? 0)}${prerelease}`)?.version;
  const owner = ownerOf(before, apps);
  if (version === undefined || owner === undefined) {
    return undefined;
  }
  const exact = `${major}.${minor}.${patch}${prerelease}` === version;
  const dated = !exact || Number(major) >= FIRST_YEAR;
  return { name, commit, version, format: `${owner.format}${v}{version}`, app: owner.app, dated };
}

/** Whose the text before a version is: an app's with a separator and maybe a scope, or the repository's. */
function ownerOf(before: string, apps: ReadonlySet<string>): { app: string | undefined; format: string } | undefined {
  if (WORDS.includes(before)) {
    return { app: undefined, format: before };
  }
  const [, scope = '', rest = before] = /^(@[^/]+\/)(.*)$/.exec(before) ?? [];
  for (const separator of SEPARATORS) {
    const app = rest.endsWith(separator) ? rest.slice(0, rest.length - separator.length) : '';
    if (apps.has(app)) {
      return { app, format: `${scope}{app}${separator}` };
    }
  }
  return undefined;
}

/**
 * Why an app without a release of its own must not start from the beginning: tags of another format say that it has
 * releases.
 *
 * @param first version that the first release would have
 * @param asked whether people asked for that version
 * @returns `undefined` where it may
 */
export function foreignReleases(
  { name: app }: App,
  newest: ForeignTag | undefined,
  { first, asked, example }: { first: string; asked: boolean; example: string },
): string | undefined {
  if (newest === undefined || semver.gt(first, newest.version) || (newest.dated && asked)) {
    return undefined;
  }
  const above = new semver.SemVer(newest.version).inc('minor').version;
  const ways = newest.dated
    ? `It is no semantic version, so releases cannot count on from it. Say where they start, with "first-version: 1.0.0" in ostack.yaml`
    : `To go on from it, say "tag-format: '${newest.format}'" in ostack.yaml; to start a new format above it, say "first-version: ${above}"`;
  return (
    `${app} has no release as ${example}, and would get ${first} for its first. But the tag "${newest.name}" looks like a ` +
    `release of it. ${ways}, or use the inputs of the same names.`
  );
}
