import type { Target } from '../../carriers/carrier.js';
import { compareVersions } from '../../carriers/version.js';
import { isReleaseOf, type PublishedRelease } from '../../releases/releases-between.js';
import type { AppBump } from './app-bump.js';

type Named = Pick<AppBump, 'target' | 'nameInApps'>;

/**
 * What is set in an overlay for an app: its images, and its remote base where the release's tag is known (given, or found
 * among the published releases). A tag is never made up.
 */
export function targetsOf(bump: Named, releases: readonly PublishedRelease[] | undefined): Target[] {
  const { target } = bump;
  const gitTag = target.release?.tag ?? publishedTag(bump, releases);
  if (gitTag === undefined) {
    return target.images;
  }
  return [
    ...target.images,
    { kind: 'base', repository: target.source.repository, appPath: appPath(bump, gitTag), gitTag },
  ];
}

function publishedTag({ nameInApps, target }: Named, releases: readonly PublishedRelease[] = []): string | undefined {
  return releases.find(
    ({ tag }) => isReleaseOf(tag, nameInApps) && compareVersions({ tag }, { tag: target.version }) === 'same',
  )?.tag;
}

/** By convention: `apps/<app>` in a repository of several, whose tags name the app; the root in a repository of one. */
function appPath({ nameInApps }: Named, gitTag: string): string {
  return gitTag.startsWith(nameInApps) ? `apps/${nameInApps}` : '.';
}
