import type { Layout } from './layout.js';
import { type OverlayPath, overlayOfPath } from './overlay-path.js';

/** An overlay that a file says something of. */
export interface ToldOverlay extends OverlayPath {
  /** Whether an object in the file deploys it, or takes the file for its values, and the file is not in it. */
  isDeployed: boolean;
}

/**
 * All overlays that a file says something of: the one that it is in, or is the folder of, and those that objects of Flux and
 * Argo CD in it deploy, whose images, patches and values are said there. Of an object that deploys a folder with overlays in it,
 * that folder, with no app: it may say something of each of them.
 */
export function overlaysOfPath(layout: Layout, path: string): ToldOverlay[] {
  const own = overlayOfPath(layout, path);
  const objects = (layout.deployedBy ?? []).filter(({ file, values }) => file === path || values.includes(path));
  const deployed = objects.flatMap((object) => [object.path, ...object.values].flatMap((each) => within(layout, each)));
  const others = deployed.filter((each) => !isSame(each, own));
  return [
    ...(own === undefined ? [] : [{ ...own, isDeployed: false }]),
    ...others
      .filter((each, index) => others.findIndex((other) => isSame(each, other)) === index)
      .map((each) => ({ ...each, isDeployed: true })),
  ];
}

function within(layout: Layout, path: string): OverlayPath[] {
  const own = path === '' ? undefined : overlayOfPath(layout, path);
  const below = path === '' || own !== undefined ? undefined : overlayOfPath(layout, `${path}/any`);
  return own !== undefined ? [own] : below !== undefined ? [{ ...below, app: '', folder: path }] : [];
}

function isSame(one: OverlayPath, other: OverlayPath | undefined): boolean {
  return one.environment === other?.environment && one.app === other.app;
}

/**
 * The apps that a file of an environment is of: none where all of them share it, as they do the kustomization of a group or the
 * object that deploys it.
 *
 * @returns `undefined` where it is of no overlay of that environment, or of one of another environment too
 */
export function appsOfPath(layout: Layout, environment: string, path: string): string[] | undefined {
  const overlays = overlaysOfPath(layout, path);
  if (overlays.length === 0 || overlays.some((each) => each.environment !== environment)) {
    return undefined;
  }
  return overlays.flatMap(({ app, folder, isDeployed }) =>
    app !== '' ? [app] : isDeployed ? [] : (appInGroup(folder, path) ?? []),
  );
}

/** The app whose folder of a group's overlay a path is in; `undefined` for the kustomization that all of them share. */
function appInGroup(folder: string, path: string): string | undefined {
  const [app, ...rest] = path.slice(folder.length + 1).split('/');
  return rest.length === 0 ? undefined : app;
}
