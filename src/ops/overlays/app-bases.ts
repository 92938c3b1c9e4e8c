import { posix } from 'node:path';
import { references } from '../kustomize/references.js';
import { isRemote } from '../kustomize/remote.js';
import type { AppOverlay } from './app-overlay.js';
import { isPerApp } from './layout.js';

/**
 * What a place takes the app from, outside of itself: folders from the root of the repository, and addresses elsewhere.
 * In a group only what has the app's name.
 */
export function appBases(place: AppOverlay, app: string): { folders: string[]; remote: string[] } {
  const { kustomization, folder, template } = place;
  const named = references(kustomization.text, kustomization.path)
    .filter(({ list, path }) => list === 'resources' && (isPerApp(template) || path.split(/[/?]/).includes(app)))
    .map(({ path }) => path);
  const folders = named
    .filter((path) => !isRemote(path) && !path.startsWith('/') && !/\.(ya?ml|json)$/.test(path))
    .map((path) => posix.join(folder, path).replace(/\/$/, ''));
  return {
    folders: folders.filter((path) => !`${path}/`.startsWith(`${folder}/`) && !path.startsWith('..')),
    remote: named.filter(isRemote),
  };
}
