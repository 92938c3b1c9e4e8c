import { parseRemote } from '../kustomize/remote.js';

/** Folders whose name says what is in them, not whose it is. */
const GENERIC = new Set(['base', 'bases', 'config', 'deploy', 'k8s', 'kustomize', 'manifests']);

/**
 * The app that a reference of a group's kustomization is about: the name of its folder, or of the one around it where
 * that is called `base`, `deploy` or the like.
 *
 * @param reference a path or an address, as written
 * @returns `undefined` for a single file, and for a name that no app may have
 */
export function appOfReference(reference: string): string | undefined {
  const remote = parseRemote(reference);
  const path = remote === undefined ? reference : `${remote.repository}/${remote.path}`;
  const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.' && segment !== '..');
  const name = segments.findLast((segment) => !GENERIC.has(segment)) ?? segments.at(-1);
  return name === undefined || !/^[A-Za-z0-9][\w.-]*$/.test(name) || /\.(ya?ml|json)$/.test(name) ? undefined : name;
}
