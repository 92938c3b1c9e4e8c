/** Whether an image is named after an app: `<app>`, or `<app>-<part>`. */
export function isImageOf(name: string, app: string): boolean {
  return name === app || name.startsWith(`${app}-`);
}

/**
 * The app that an image belongs to, where one kustomization sets the images of several apps: the app with the longest
 * match. `shop-web` belongs to an app `shop-web` rather than to `shop`, and `growth/shop` to `growth-shop` rather than
 * to `shop`.
 *
 * @param repository without tag and digest: `ghcr.io/acme/growth/shop`
 * @param apps names of apps, possibly with other names among them
 * @returns `undefined` where the image is named after none of them
 */
export function appOfImage(repository: string, apps: Iterable<string>): string | undefined {
  const segments = repository.split('/');
  let best: string | undefined;
  let longest = 0;
  for (const app of apps) {
    const length = matchLength(segments, app);
    if (length > longest) {
      best = app;
      longest = length;
    }
  }
  return best;
}

/** How much of an image's path an app's name matches: first by how early the match begins, then by its length. */
function matchLength(segments: readonly string[], app: string): number {
  for (let start = 0; start < segments.length; start++) {
    const above = segments.slice(start, -1).join('-').length;
    // A name that does not reach into the last segment is that of an owner or a folder.
    if (app.length > above + (above > 0 ? 1 : 0) && isImageOf(segments.slice(start).join('-'), app)) {
      return (segments.length - start) * 1000 + app.length;
    }
  }
  return 0;
}
