import type { App } from './app.js';

/**
 * Which apps a change touches: those whose folder, shared paths or dependencies hold one of the changed paths. Built once
 * and asked often; one question costs the depth of the path, not the number of apps.
 *
 * @returns a function from a changed path (relative to the root, `/`-separated) to the apps it touches
 */
export function appsByPath(apps: readonly App[]): (path: string) => readonly App[] {
  const owners = new Map<string, App[]>();
  for (const app of apps) {
    for (const path of new Set([app.path, ...app.shared, ...(app.dependencies ?? [])])) {
      owners.set(path, [...(owners.get(path) ?? []), app]);
    }
  }
  return (path) => {
    const touched = new Set(owners.get('.'));
    for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
      for (const app of owners.get(path.slice(0, end)) ?? []) {
        touched.add(app);
      }
    }
    return [...touched];
  };
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
