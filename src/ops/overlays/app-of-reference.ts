import { isManifestPath } from '../kustomize/manifest-path.js';
import { parseRemote } from '../kustomize/remote.js';

/** Names of folders that tell what is in them and not which app. */
const GENERIC = new Set(['base', 'bases', 'config', 'deploy', 'k8s', 'kustomize', 'manifests']);

/**
 * The app that a reference in a kustomization of several apps belongs to: the name of its folder, or of the folder
 * above where that is called `base`, `deploy` or the like.
 *
 * @param reference a path or a URL, as written
 * @returns `undefined` for a file, and for a name that an app cannot have
 */
export function appOfReference(reference: string): string | undefined {
  const remote = parseRemote(reference);
  const path = remote === undefined ? reference : `${remote.repository}/${remote.path}`;
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.' && segment !== '..');
  const name = segments.findLast((segment) => !GENERIC.has(segment)) ?? segments.at(-1);
  return name === undefined || !/^[A-Za-z0-9][\w.-]*$/.test(name) || isManifestPath(name) ? undefined : name;
}
