import type { ReleaseRecord } from '../world/records.js';
import type { Repository } from '../world/repository.js';
import type { World } from '../world/world.js';
import { apiUrlOf, pageUrlOf } from './repository.js';
import { timestamp } from './timestamp.js';
import { userView } from './user.js';

/** A release as REST shows it (`release`). */
export function releaseView(world: World, repository: Repository, release: ReleaseRecord) {
  const url = `${apiUrlOf(world, repository)}/releases/${release.id}`;
  return {
    url,
    assets_url: `${url}/assets`,
    upload_url: `${url}/assets{?name,label}`,
    html_url: releasePage(world, repository, release),
    id: release.id,
    author: userView(world, release.author),
    node_id: `RE_${release.id}`,
    tag_name: release.tag,
    target_commitish: release.target,
    name: release.name,
    draft: release.draft,
    immutable: false,
    prerelease: release.prerelease,
    created_at: timestamp(release.createdAt),
    updated_at: timestamp(release.createdAt),
    published_at: release.publishedAt === undefined ? null : timestamp(release.publishedAt),
    assets: [],
    tarball_url: release.draft ? null : `${apiUrlOf(world, repository)}/tarball/${release.tag}`,
    zipball_url: release.draft ? null : `${apiUrlOf(world, repository)}/zipball/${release.tag}`,
    body: release.body,
  };
}

/** A draft has no tag yet, so its page has a name of its own. */
export function releasePage(world: World, repository: Repository, release: ReleaseRecord): string {
  const name = release.draft ? `untagged-${release.id}` : release.tag;
  return `${pageUrlOf(world, repository)}/releases/tag/${encodeURIComponent(name)}`;
}
