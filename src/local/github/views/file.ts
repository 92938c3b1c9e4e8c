import type { FileChange } from '../git/history.js';
import type { Repository } from '../world/repository.js';
import type { World } from '../world/world.js';
import { apiUrlOf, pageUrlOf } from './repository.js';

/** A changed file as REST shows it (`diff-entry`), without its patch. */
export function fileView(world: World, repository: Repository, sha: string, change: FileChange) {
  const path = change.path.split('/').map(encodeURIComponent).join('/');
  return {
    sha: change.oid,
    filename: change.path,
    status: change.status,
    additions: change.additions,
    deletions: change.deletions,
    changes: change.additions + change.deletions,
    blob_url: `${pageUrlOf(world, repository)}/blob/${sha}/${path}`,
    raw_url: `${pageUrlOf(world, repository)}/raw/${sha}/${path}`,
    contents_url: `${apiUrlOf(world, repository)}/contents/${path}?ref=${sha}`,
    ...(change.previousPath === undefined ? {} : { previous_filename: change.previousPath }),
  };
}
