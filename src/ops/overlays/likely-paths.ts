import { posix } from 'node:path';
import { KUSTOMIZATION_NAMES } from '../kustomize/kustomization.js';
import type { AppEnvironment } from '../tree/app-environment.js';
import { templatesOf } from './carrier-files.js';
import { baseOfGroup, isFile, isPerApp, type Layout, overlayFolder, overlayTemplatesOf } from './layout.js';

/**
 * The files and folders that an app's overlay is read from in nearly every case, so that they can be asked for at once
 * instead of round by round.
 *
 * @throws Error when a name is not fit for a path
 */
export function likelyPaths(layout: Layout, { environment, app }: AppEnvironment): string[] {
  const overlays = templatesOf(layout, app).flatMap((template) => {
    const folder = overlayFolder(layout, template, environment, app);
    return isPerApp(layout, template) || isFile(template)
      ? [folder]
      : [...KUSTOMIZATION_NAMES.map((name) => `${folder}/${name}`), `${folder}/${app}`];
  });
  return [...overlays, ...likelyBases(layout, app), ...(layout.helmfiles ?? [])];
}

/**
 * The folders that an app's bases are in by the usual names: `bases/web`, `apps/base/web`, `apps/web/base`. What containers
 * run is read from them, so they can be asked for together with the overlays.
 */
export function likelyBases(layout: Layout, app: string): string[] {
  const templates = overlayTemplatesOf(layout, app).filter((template) => !isFile(template));
  const folders = templates.flatMap((template) => {
    const base = baseOfGroup(template);
    return [base, `${base}s`].map((each) =>
      each.includes('{app}') ? each.replaceAll('{app}', app) : `${each}/${app}`,
    );
  });
  return [...new Set(folders)];
}

/** The kustomizations that may take in an app's overlay for its whole environment: `overlays/staging/kustomization.yaml`. */
export function likelyGatherers(layout: Layout, { environment, app }: AppEnvironment): string[] {
  const templates = overlayTemplatesOf(layout, app).filter(
    (template) => !isFile(template) && isPerApp(layout, template),
  );
  const above = templates.flatMap((template) => {
    const folders: string[] = [];
    let folder = overlayFolder(layout, template, environment, app);
    for (let inner = template; isOfEnvironmentAbove(inner); inner = posix.dirname(inner)) {
      folder = posix.dirname(folder);
      folders.push(folder);
    }
    return folders;
  });
  return [...new Set(above)].flatMap((folder) => KUSTOMIZATION_NAMES.map((name) => `${folder}/${name}`));
}

/** Whether the folder above those of a template is one environment's, so that its kustomization may gather its apps. */
export function isOfEnvironmentAbove(template: string): boolean {
  return posix.dirname(template).includes('{environment}');
}
