import { trimSlashes } from '../../kustomize/remote.js';
import type { BaseTarget } from '../carrier.js';
import { tagFamily, versionOf } from '../tag-version.js';

/**
 * How a remote folder matches a target.
 *
 * @param repository `owner/name`
 * @param path the folder in it
 * @param ref branch, tag or commit that the folder is taken at
 * @returns `folder` where its path is the app's, `tag` where only the prefix of its tag is, `undefined` for no match
 */
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

/** Whether a ref is a tag with a version, or a commit. Anything else is a branch, which is followed on purpose. */
export function isPinnedRef(ref: string | undefined): boolean {
  return ref !== undefined && (versionOf(ref) !== undefined || /^[0-9a-f]{40}$/.test(ref));
}
