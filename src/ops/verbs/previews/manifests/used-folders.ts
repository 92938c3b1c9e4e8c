import { inEnvironment, type Layout, overlayTemplatesOf } from '../../../overlays/layout.js';

/**
 * What a preview is built from, as the shortest paths that no overlay of the app is in: `bases`, or `apps/base` where
 * `apps/overlays` is beside it. So a release, which changes overlays, changes none of them.
 *
 * @param opened paths of all that kustomize opens for the base
 * @param host the environment whose versions apps have that the pull request does not change
 * @returns in alphabetical order
 */
export function usedFolders(opened: readonly string[], layout: Layout, host: string, app: string): string[] {
  const environments = [...new Set([host, ...(layout.environments ?? [])])];
  const overlays = overlayTemplatesOf(layout, app).flatMap((template) =>
    environments.map((environment) => inEnvironment(layout, template, environment).replaceAll('{app}', app)),
  );
  const hasOverlay = (folder: string) => overlays.some((path) => path === folder || path.startsWith(`${folder}/`));
  const used = opened.flatMap((path) => {
    const names = path.split('/');
    const above = names.map((_, index) => names.slice(0, index + 1).join('/'));
    return names[0] === '..' ? [] : [above.find((folder) => !hasOverlay(folder)) ?? path];
  });
  return [...new Set(used)].sort();
}
