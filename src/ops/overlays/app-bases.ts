import { posix } from 'node:path';
import { isManifestPath } from '../kustomize/manifest-path.js';
import { references } from '../kustomize/references.js';
import { isRemote } from '../kustomize/remote.js';
import type { AppOverlay } from './app-overlay.js';

/**
 * The bases of an app: what its overlay includes from outside of the overlay. In a group, only what has the app's name, or
 * else the one folder `base`.
 *
 * @returns `folders` from the root of the repository, and `remote` references as written
 * @throws InvalidYaml where the kustomization is not valid YAML
 */
export function appBases(overlay: AppOverlay, app: string): { folders: string[]; remote: string[] } {
  const { kustomization, folder, isOwn } = overlay;
  const all = references(kustomization.text, kustomization.path)
    .filter(({ list }) => list === 'resources')
    .map(({ path }) => path);
  const ofApp = isOwn ? all : all.filter((path) => path.split(/[/?]/).includes(app));
  const unnamed = all.filter((path) => !isManifestPath(path) && /^bases?$/.test(posix.basename(path)));
  const named = ofApp.length === 0 && unnamed.length === 1 ? unnamed : ofApp;
  const folders = named
    .filter((path) => !isRemote(path) && !path.startsWith('/') && !isManifestPath(path))
    .map((path) => posix.join(folder, path).replace(/\/$/, ''));
  return {
    folders: folders.filter((path) => !`${path}/`.startsWith(`${folder}/`) && !path.startsWith('..')),
    remote: named.filter(isRemote),
  };
}
