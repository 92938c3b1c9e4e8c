import picomatch from 'picomatch';
import type { App, AppImage } from './app.js';
import { inside } from './config.js';
import { liesIn } from './lies-in.js';
import type { RepositoryTree } from './tree.js';

/**
 * The app with the contexts and Dockerfiles of its images that are not in its folder: they count as its own. Of a context
 * around its folder, such as the whole repository, it is what the Dockerfile takes from it.
 */
export async function withOutside(tree: RepositoryTree, app: App): Promise<App> {
  const files = app.images.map(({ file }) => file);
  const contexts = app.images.filter((image) => !isAround(app, image)).map(({ context }) => context);
  const copied = (
    await Promise.all(app.images.filter((image) => isAround(app, image)).map((one) => copiedBy(tree, one)))
  ).flat();
  const isPattern = (place: string) => picomatch.scan(place).isGlob;
  const own = (place: string) => liesIn(place, app.path);
  const outside = sorted([...files, ...contexts, ...copied.filter((place) => !isPattern(place))]).filter(
    (one) => !own(one),
  );
  const patterns = sorted([...(app.patterns ?? []), ...copied.filter((place) => isPattern(place) && !own(place))]);
  return {
    ...app,
    ...(outside.length === 0 ? {} : { outside }),
    ...(patterns.length === 0 ? {} : { patterns }),
  };
}

function isAround(app: App, { context }: AppImage): boolean {
  return context !== app.path && liesIn(app.path, context);
}

/** The paths and patterns that an image's Dockerfile takes from its context. */
async function copiedBy(tree: RepositoryTree, { context, file }: AppImage): Promise<string[]> {
  // Loaded where it is needed only: it is large.
  const { copiedPaths } = await import('./copied-paths.js');
  return copiedPaths((await tree.read(file)) ?? '').map((path) => inside(path, context) ?? context);
}

function sorted(places: readonly string[]): string[] {
  return [...new Set(places)].sort();
}

/**
 * The apps with the folders of others that lie in one of their places. A context that is the whole repository is of each app
 * that has it, but what changes in one app is no change of the others.
 */
export function withoutOthers(apps: readonly App[]): App[] {
  return apps.map((app) => {
    const places = [...(app.outside ?? []), ...(app.dependencies ?? [])];
    const apart = apps
      .map(({ path }) => path)
      .filter((path) => path !== app.path && places.some((place) => place !== path && liesIn(path, place)));
    return apart.length === 0 ? app : { ...app, apart };
  });
}
