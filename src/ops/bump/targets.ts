import type { Target } from '../carriers/carrier.js';
import { compareVersions } from '../version.js';
import { isReleaseOf, type PublishedRelease } from './releases-between.js';
import type { AppTarget } from './request.js';

/**
 * What is set in an overlay for an app: its images, and its remote base where the release's tag is known (given, or found
 * among the published releases). A tag is never made up.
 */
export function targetsOf(target: AppTarget, releases: readonly PublishedRelease[] | undefined): Target[] {
  const gitTag = target.release?.tag ?? publishedTag(target, releases);
  if (gitTag === undefined) {
    return target.images;
  }
  return [
    ...target.images,
    { kind: 'base', repository: target.source.repository, appPath: appPath(target, gitTag), gitTag },
  ];
}

function publishedTag({ app, version }: AppTarget, releases: readonly PublishedRelease[] = []): string | undefined {
  return releases.find(({ tag }) => isReleaseOf(tag, app) && compareVersions({ tag }, { tag: version }) === 'same')
    ?.tag;
}

/** By convention: `apps/<app>` in a repository of several, whose tags name the app; the root in a repository of one. */
function appPath({ app }: AppTarget, gitTag: string): string {
  return gitTag.startsWith(app) ? `apps/${app}` : '.';
}
