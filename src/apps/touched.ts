import picomatch from 'picomatch';
import type { App } from './app.js';
import { liesIn } from './lies-in.js';

/** Patterns match what they say and nothing else: no `!` before them, and names that begin with a dot, too. */
export const PATTERN_OPTIONS = { nonegate: true, dot: true };

/** An app at one of its places. */
interface Owner {
  app: App;
  /** Folders in that place that are not the app's. */
  apart: readonly string[];
}

/**
 * Which apps a change touches: those whose folder, shared paths, images or dependencies hold one of the changed paths. Built
 * once and asked often; one question costs the depth of the path and the number of apps with patterns.
 *
 * @returns a function from a changed path (relative to the root, `/`-separated) to the apps it touches
 */
export function appsByPath(apps: readonly App[]): (path: string) => readonly App[] {
  const owners = ownersByPlace(apps);
  const patterns = apps
    .filter((app) => app.patterns !== undefined)
    .map((app) => ({ app, matches: picomatch([...(app.patterns ?? [])], PATTERN_OPTIONS) }));
  return (path) => {
    const touched = new Set<App>();
    for (const place of placesOf(path)) {
      for (const { app, apart } of owners.get(place) ?? []) {
        if (!apart.some((folder) => folder !== place && liesIn(folder, place) && liesIn(path, folder))) {
          touched.add(app);
        }
      }
      for (const { app, matches } of patterns) {
        if (matches(place)) {
          touched.add(app);
        }
      }
    }
    return [...touched];
  };
}

function ownersByPlace(apps: readonly App[]): ReadonlyMap<string, readonly Owner[]> {
  const owners = new Map<string, Owner[]>();
  const add = (app: App, places: readonly string[], apart: readonly string[]) => {
    for (const place of new Set(places)) {
      owners.set(place, [...(owners.get(place) ?? []), { app, apart }]);
    }
  };
  for (const app of apps) {
    add(app, [app.path, ...app.shared], []);
    add(app, [...(app.outside ?? []), ...(app.dependencies ?? [])], app.apart ?? []);
  }
  return owners;
}

/** The root, a path, and the folders between them. */
function placesOf(path: string): string[] {
  const places = ['.'];
  for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
    places.push(path.slice(0, end));
  }
  return places;
}

/**
 * The apps that a set of changed paths touches, in the order of `apps`.
 *
 * @param paths relative to the repository's root, `/`-separated; of a rename, both the old and the new path
 */
export function touchedApps(apps: readonly App[], paths: Iterable<string>): App[] {
  const owners = appsByPath(apps);
  const touched = new Set<App>();
  for (const path of paths) {
    for (const app of owners(path)) {
      touched.add(app);
    }
  }
  return apps.filter((app) => touched.has(app));
}
