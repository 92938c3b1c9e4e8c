import type { App } from './app.js';
import { liesIn } from './lies-in.js';

/** The app with the contexts and Dockerfiles of its images that are not in its folder: they count as its own. */
export function withOutside(app: App): App {
  const places = new Set(app.images.flatMap(({ context, file }) => [context, file]));
  const outside = [...places].filter((place) => !liesIn(place, app.path)).sort();
  return outside.length === 0 ? app : { ...app, outside };
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
