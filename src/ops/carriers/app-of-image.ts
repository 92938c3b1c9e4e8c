/** Whether an image has an app's name: `<app>`, or `<app>-<part>`. */
export function isImageOf(name: string, app: string): boolean {
  return name === app || name.startsWith(`${app}-`);
}

/**
 * Whose an image is, where several apps are set in one place: the app whose name says most of it. `shop-web` is of an app
 * `shop-web` before it is of `shop`, and `growth/shop` is of `growth-shop` before it is of `shop`.
 *
 * @param repository `ghcr.io/acme/growth/shop`, without tag and digest
 * @param apps names of apps, and other words
 * @returns `undefined` where it has none of the names
 */
export function appOfImage(repository: string, apps: Iterable<string>): string | undefined {
  const segments = repository.split('/');
  let owner: string | undefined;
  let most = 0;
  for (const app of apps) {
    const said = matchLength(segments, app);
    if (said > most) {
      owner = app;
      most = said;
    }
  }
  return owner;
}

/** How much of an image's path a name says: the earlier it begins the more, and then the longer it is. */
function matchLength(segments: readonly string[], app: string): number {
  for (let start = 0; start < segments.length; start++) {
    const above = segments.slice(start, -1).join('-').length;
    // A name that says nothing of the last segment is that of an owner or a folder.
    if (app.length > above + (above > 0 ? 1 : 0) && isImageOf(segments.slice(start).join('-'), app)) {
      return (segments.length - start) * 1000 + app.length;
    }
  }
  return 0;
}
