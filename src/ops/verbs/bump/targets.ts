import type { Target } from '../../carriers/carrier.js';
import { compareVersions } from '../../carriers/compare-versions.js';
import { isReleaseOf, type PublishedRelease } from '../../releases/releases-between.js';
import type { AppBump } from './app-bump.js';
import { isChartAlone } from './request.js';

type Named = Pick<AppBump, 'target' | 'nameInApps'>;

/**
 * What is set in an overlay for an app: its images and charts, and its remote base where the release's tag is known (given,
 * or found among the published releases). A tag is never made up, and a chart's version is not looked for among releases.
 */
export function targetsOf(bump: Named, releases: readonly PublishedRelease[] | undefined): Target[] {
  const { target } = bump;
  const charts = (target.charts ?? []).map((chart) => ({ ...chart, app: target.app }));
  if (isChartAlone(target)) {
    return charts;
  }
  const gitTag = target.release?.tag ?? publishedTag(bump, releases);
  if (gitTag === undefined) {
    return [...target.images, ...charts];
  }
  return [
    ...target.images,
    ...charts,
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
