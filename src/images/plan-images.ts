import type { App } from '../apps/app.js';
import { inside } from '../apps/config.js';
import type { Release } from '../release/release.js';
import type { PlannedImage } from './plan.js';
import { isTag, parseReference, repositoryOf, versionTag } from './reference.js';
import { nameBy } from './spaces.js';

/** How images are named, patterns such as `ghcr.io/acme/{image}`. */
export interface ImageNames {
  own: string;
  /** As releases. */
  released: string;
}

/**
 * The images of releases, one for each Dockerfile of each released app, tagged with the version and the commit.
 *
 * @param releases of one commit
 * @param apps of that commit
 * @throws Error when a released app is not in the repository, or an image name is not valid
 */
export function planReleases(releases: readonly Release[], apps: readonly App[], names: ImageNames): PlannedImage[] {
  return releases.flatMap((release) => {
    const app = apps.find(({ name }) => name === release.app);
    if (app === undefined) {
      const names = apps.map(({ name }) => name).join(', ');
      throw new Error(
        `Release ${release.tag} is of app "${release.app}", and commit ${release.sha} has no such app. It has: ${names}.`,
      );
    }
    return imagesOf(app, names, release.version, [versionTag(release.version), release.sha]);
  });
}

/**
 * The images of apps at a commit without a release, such as a pull request's.
 *
 * @param tags the first is the version of the image; the commit id when empty
 * @throws Error naming a tag or an image name that is not valid
 */
export function planApps(
  apps: readonly App[],
  names: ImageNames,
  tags: readonly string[],
  revision: string,
): PlannedImage[] {
  checkTags(tags);
  const [first = revision, ...others] = tags;
  return apps.flatMap((app) => imagesOf(app, names, first, [first, ...others]));
}

function imagesOf(app: App, names: ImageNames, version: string, tags: readonly string[]): PlannedImage[] {
  return app.images.map(({ name, context, file }) => ({
    app: app.name,
    image: name,
    ...repositoriesOf(name, names),
    version,
    tags: [...tags],
    context,
    file,
    shared: app.shared,
  }));
}

/** Where an image goes now, and where as a release if that is elsewhere. @throws Error when it is no name of an image */
function repositoriesOf(image: string, { own, released }: ImageNames): Pick<PlannedImage, 'repository' | 'released'> {
  const named = (pattern: string) => repositoryOf(parseReference(nameBy(pattern, image)));
  return { repository: named(own), ...(own !== released && { released: named(released) }) };
}

/** Inputs for one image. */
export interface ExplicitImage {
  /** With or without a registry: `web` or `ghcr.io/acme/web`. */
  image: string;
  app: string | undefined;
  context: string | undefined;
  file: string | undefined;
  tags: readonly string[];
}

/**
 * The one image that the inputs describe.
 *
 * @param revision the commit; its tag when no other is given
 * @throws Error naming the input that is wrong
 */
export function planExplicit(explicit: ExplicitImage, names: ImageNames, revision: string): PlannedImage {
  const isWhole = explicit.image.includes('/');
  const reference = parseReference(isWhole ? explicit.image : nameBy(names.released, explicit.image));
  if (reference.tag !== undefined || reference.digest !== undefined) {
    throw new Error(
      `Input "image" is "${explicit.image}", expected a name without a tag. Tags go into the input "tags".`,
    );
  }
  checkTags(explicit.tags);
  const context = insidePath('context', explicit.context ?? '.');
  const file = insidePath('file', explicit.file ?? (context === '.' ? 'Dockerfile' : `${context}/Dockerfile`));
  const image = reference.path.slice(reference.path.lastIndexOf('/') + 1);
  const tags = explicit.tags.length > 0 ? [...explicit.tags] : [revision];
  return {
    app: explicit.app ?? image,
    image,
    ...(isWhole ? { repository: repositoryOf(reference) } : repositoriesOf(image, names)),
    version: tags[0] ?? revision,
    tags: [...new Set([...tags, revision])],
    context,
    file,
    shared: [],
  };
}

function checkTags(tags: readonly string[]): void {
  const wrong = tags.find((tag) => !isTag(tag));
  if (wrong !== undefined) {
    throw new Error(`Input "tags" has "${wrong}", expected letters, digits, ".", "_" and "-", at most 128 of them.`);
  }
}

function insidePath(input: string, path: string): string {
  const found = inside(path);
  if (found === undefined) {
    throw new Error(`Input "${input}" is "${path}", expected a path inside the repository, relative to its root.`);
  }
  return found;
}
