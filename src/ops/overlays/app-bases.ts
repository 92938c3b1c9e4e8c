import { posix } from 'node:path';
import { references } from '../kustomize/references.js';
import { isRemote } from '../kustomize/remote.js';
import type { AppOverlay } from './app-overlay.js';

/**
 * The bases of an app: what its overlay includes from outside of the overlay. In a group, only what has the app's name.
 *
 * @returns `folders` from the root of the repository, and `remote` references as written
 * @throws InvalidYaml where the kustomization is not valid YAML
 */
export function appBases(overlay: AppOverlay, app: string): { folders: string[]; remote: string[] } {
  const { kustomization, folder, isOwn } = overlay;
  const named = references(kustomization.text, kustomization.path)
    .filter(({ list, path }) => list === 'resources' && (isOwn || path.split(/[/?]/).includes(app)))
    .map(({ path }) => path);
  const folders = named
    .filter((path) => !isRemote(path) && !path.startsWith('/') && !/\.(ya?ml|json)$/.test(path))
    .map((path) => posix.join(folder, path).replace(/\/$/, ''));
  return {
    folders: folders.filter((path) => !`${path}/`.startsWith(`${folder}/`) && !path.startsWith('..')),
    remote: named.filter(isRemote),
  };
}
