import { posix } from 'node:path';
import { appBases } from '../../overlays/app-bases.js';
import type { AppOverlay } from '../../overlays/app-overlay.js';

/**
 * The base of an app: the one folder that all its overlays refer to, from the root of the repository.
 *
 * @throws Error where there is none, where there are several, or where it is in another repository
 */
export function commonBase(overlays: readonly AppOverlay[], app: string): string {
  const bases = overlays.map((overlay) => ({ overlay, ...appBases(overlay, app) }));
  const remote = bases.find((each) => each.remote.length > 0 && each.folders.length === 0);
  if (remote !== undefined) {
    throw new Error(
      `${app} is built from ${remote.remote.join(', ')}, another repository (${remote.overlay.kustomization.path}). ` +
        'Make the change there, release it, and remove the patches when every environment has the release.',
    );
  }
  const folders = [...new Set(bases.flatMap((each) => each.folders))];
  const [base] = folders;
  const apart = bases.find((each) => each.folders.length !== 1);
  if (base === undefined || folders.length > 1 || apart !== undefined) {
    const found = bases.map(({ overlay, folders: own }) => `${overlay.environment}: ${own.join(' and ') || 'none'}`);
    throw new Error(`Expected every environment to build ${app} from one folder, found ${found.join(', ')}.`);
  }
  return posix.normalize(base);
}
