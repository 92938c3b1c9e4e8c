import { trimSlashes } from '../../kustomize/remote.js';
import type { BaseTarget } from '../carrier.js';
import { tagFamily, versionOf } from '../tag-version.js';

/** By what a folder of a repository is the target's: by its path, or by its tag alone. `undefined` where it is not. */
export function matchBase(
  repository: string,
  path: string,
  ref: string | undefined,
  target: BaseTarget,
): 'folder' | 'tag' | undefined {
  if (repository.toLowerCase() !== target.repository.toLowerCase()) {
    return undefined;
  }
  const app = trimSlashes(target.appPath.replace(/^\.\/?/, ''));
  const folder = trimSlashes(path.replace(/^\.\/?/, ''));
  if (app === '' || folder === app || folder.startsWith(`${app}/`)) {
    return 'folder';
  }
  const family = tagFamily(target.gitTag);
  return ref !== undefined && family !== undefined && tagFamily(ref) === family ? 'tag' : undefined;
}

/** A tag with a version or a commit; a branch is followed on purpose. */
export function isPinnedRef(ref: string | undefined): boolean {
  return ref !== undefined && (versionOf(ref) !== undefined || /^[0-9a-f]{40}$/.test(ref));
}
