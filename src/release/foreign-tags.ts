import semver from 'semver';
import type { App } from '../apps/app.js';
import { readForeignName } from './foreign-names.js';
import { readForeignVersion } from './foreign-versions.js';
import { type AppTag, TagFormat } from './tags.js';

/** A release that another tool or a person has tagged, in a format that is not this repository's. */
export interface ForeignTag extends AppTag {
  /** For `tag-format`: `{app}@{version}`. `undefined` where none goes on from it. */
  format: string | undefined;
  /** The app that its name has, `undefined` where it has none. */
  app: string | undefined;
  /** Whether it counts days: then it says nothing of how high a semantic version is. */
  dated: boolean;
  /** Whether the next version can count on from it. */
  counts: boolean;
}

/**
 * The tags that look like releases of apps or of the whole repository, highest version first: `1.4.0`, `Release-1.4.0`,
 * `@acme/shop@2.4.0`, `apps/shop/v2.4.0`, `2.4.0.Final`, `v2026.04.28`.
 *
 * @param apps all of the repository: tags are told apart by their names and paths
 */
export function foreignTags(
  tags: readonly { name: string; commit: string }[],
  apps: readonly Pick<App, 'name' | 'path'>[],
): ForeignTag[] {
  return tags
    .map((tag) => readForeign(tag, apps))
    .filter((tag) => tag !== undefined)
    .sort((a, b) => semver.rcompare(a.version, b.version));
}

/**
 * The highest of some foreign tags. Where no format goes on from that one, as from a `2.5.0.CR1`, it has the format of the
 * highest that one goes on from.
 */
export function highestForeign(tags: readonly ForeignTag[]): ForeignTag | undefined {
  const first = tags[0];
  return first === undefined || first.dated
    ? first
    : { ...first, format: tags.find(({ format }) => format !== undefined)?.format };
}

function readForeign(
  { name, commit }: { name: string; commit: string },
  apps: readonly Pick<App, 'name' | 'path'>[],
): ForeignTag | undefined {
  const read = readForeignVersion(name);
  const owner = read && readForeignName(read.before, apps);
  if (read === undefined || owner === undefined) {
    return undefined;
  }
  const { mark, version, after, dated, counts } = read;
  const format = `${owner.format}${mark}{version}${after}`;
  const app = owner.app;
  return {
    name,
    commit,
    version,
    app,
    dated,
    counts,
    format: counts && reads(format, { name, version }, apps) ? format : undefined,
  };
}

/** Whether a format may be this repository's `tag-format`, and reads a tag as the version that it is. */
function reads(format: string, tag: { name: string; version: string }, apps: readonly Pick<App, 'name'>[]): boolean {
  try {
    const asked = new TagFormat(format, apps.length === 1);
    asked.checkApps(apps.map(({ name }) => name));
    return asked.parse(tag.name)?.version === tag.version;
  } catch {
    return false;
  }
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
  { name: app }: Pick<App, 'name'>,
  newest: ForeignTag | undefined,
  { first, asked, example }: { first: string; asked: boolean; example: string },
): string | undefined {
  if (newest === undefined || (newest.dated ? asked : semver.gt(first, newest.version))) {
    return undefined;
  }
  const above = newest.dated ? '1.0.0' : new semver.SemVer(newest.version).inc('minor').version;
  const ways =
    newest.format === undefined
      ? `Releases cannot count on from it. Say where they start, with "first-version: ${above}" in ostack.yaml`
      : `To go on from it, say "tag-format: '${newest.format}'" in ostack.yaml; to start a new format above it, say "first-version: ${above}"`;
  return (
    `${app} has no release as ${example}, and would get ${first} for its first. But the tag "${newest.name}" looks like a ` +
    `release of it. ${ways}, or use the inputs of the same names.`
  );
}
