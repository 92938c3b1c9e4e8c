import * as v from 'valibot';
import type { RepositoryReader } from '../../github/repository-reader.js';
import { compareVersions } from '../carriers/compare-versions.js';
import { tagFamily, versionOf } from '../carriers/tag-version.js';

/** A release of the apps repository. */
export interface PublishedRelease {
  tag: string;
  url: string;
  notes: string;
}

/** Releases that one request brings. */
const NEWEST = 100;

const releasesSchema = v.object({
  nodes: v.nullable(
    v.array(
      v.nullable(
        v.object({
          tagName: v.string(),
          url: v.string(),
          description: v.nullable(v.string()),
          isDraft: v.boolean(),
        }),
      ),
    ),
  ),
});

/**
 * The newest 100 releases of the apps repository, newest first: what stands between what is deployed and what is
 * proposed, for all apps at once.
 *
 * @throws GraphqlErrors or a request error; a caller that only decorates with them may go on without
 */
export async function publishedReleases(reader: RepositoryReader): Promise<PublishedRelease[]> {
  const { nodes } = await reader.load({
    text: () =>
      `releases(first: ${NEWEST}, orderBy: { field: CREATED_AT, direction: DESC }) { nodes { tagName url description isDraft } }`,
    schema: releasesSchema,
  });
  return (nodes ?? []).flatMap((node) =>
    node === null || node.isDraft ? [] : { tag: node.tagName, url: node.url, notes: node.description ?? '' },
  );
}

/**
 * Whether a list of the newest releases goes back to what is deployed, so that none in between is missing from it.
 *
 * @param from what is deployed; nothing is missed where that is no version
 * @param like as for `releasesBetween`
 */
export function reachBackTo(
  from: string | null,
  releases: readonly PublishedRelease[],
  app: string,
  like?: string,
): boolean {
  if (releases.length < NEWEST || from === null || versionOf(from) === undefined) {
    return true;
  }
  return releases.some(
    ({ tag }) => isOfApp(tag, app, like) && ['same', 'older'].includes(compareVersions({ tag: from }, { tag })),
  );
}

/**
 * Whether a release's tag belongs to the app: `my-app-v1.4.0`, `my-app@1.4.0`, `my-app/v1.4.0` or, in a repository that
 * is one app, `v1.4.0`.
 */
export function isReleaseOf(tag: string, app: string): boolean {
  const version = versionOf(tag);
  if (version === undefined) {
    return false;
  }
  const prefix = tag.slice(0, tag.length - version.length).replace(/v$/, '');
  return prefix === '' || ['-', '@', '/', '_'].some((separator) => prefix === `${app}${separator}`);
}

/**
 * The app's releases after `from` up to and with `to`, newest first. A prerelease on the way to a release is left out.
 *
 * @param from what is deployed; without it only the release itself is given
 * @param to the version that is proposed
 * @param like the tag of the proposed release, where known: tags of its format are the app's, too
 */
export function releasesBetween(
  releases: readonly PublishedRelease[],
  app: string,
  from: string | null,
  to: string,
  like?: string,
): PublishedRelease[] {
  const isStable = !(versionOf(to) ?? '').includes('-');
  return releases
    .filter(({ tag }) => isOfApp(tag, app, like))
    .filter(({ tag }) => {
      const upTo = compareVersions({ tag }, { tag: to });
      if (upTo === 'same') {
        return true;
      }
      const after = from !== null && compareVersions({ tag: from }, { tag }) === 'newer';
      return after && upTo === 'newer' && !(isStable && (versionOf(tag) ?? '').includes('-'));
    })
    .sort((a, b) => (compareVersions({ tag: a.tag }, { tag: b.tag }) === 'newer' ? 1 : -1));
}

function isOfApp(tag: string, app: string, like: string | undefined): boolean {
  const family = like === undefined ? undefined : tagFamily(like);
  return isReleaseOf(tag, app) || (family !== undefined && tagFamily(tag) === family);
}
