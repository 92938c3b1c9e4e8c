import { KUSTOMIZATION_NAMES } from '../kustomize/kustomization.js';
import type { AppEnvironment } from '../tree/app-environment.js';
import { isFile, isPerApp, type Layout, overlayFolder, templatesOf } from './layout.js';

/**
 * The files and folders that an app's overlay is read from in nearly every case, so that they can be asked for at once
 * instead of round by round.
 *
 * @throws Error when a name is not fit for a path
 */
export function likelyPaths(layout: Layout, { environment, app }: AppEnvironment): string[] {
  return templatesOf(layout, app).flatMap((template) => {
    const folder = overlayFolder(layout, template, environment, app);
    return isPerApp(layout, template) || isFile(template)
      ? [folder]
      : [...KUSTOMIZATION_NAMES.map((name) => `${folder}/${name}`), `${folder}/${app}`];
  });
}
