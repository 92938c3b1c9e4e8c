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
  const found = await Promise.all(app.images.map((image) => placesOf(tree, app, image)));
  const places = [...new Set(found.flat())].filter((place) => !liesIn(place, app.path)).sort();
  const isPattern = (place: string) => picomatch.scan(place).isGlob;
  const outside = places.filter((place) => !isPattern(place));
  const patterns = [...(app.patterns ?? []), ...places.filter(isPattern)];
  return {
    ...app,
    ...(outside.length === 0 ? {} : { outside }),
    ...(patterns.length === 0 ? {} : { patterns }),
  };
}

async function placesOf(tree: RepositoryTree, app: App, { context, file }: AppImage): Promise<string[]> {
  if (!liesIn(app.path, context) || app.path === context) {
    return [context, file];
  }
  // Loaded where it is needed only: it is large.
  const { copiedPaths } = await import('./copied-paths.js');
  const copied = copiedPaths((await tree.read(file)) ?? '');
  return [file, ...copied.map((path) => inside(path, context) ?? context)];
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
