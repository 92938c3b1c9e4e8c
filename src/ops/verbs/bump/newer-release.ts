import type { ImageTarget } from '../../carriers/carrier.js';
import { chartTargetOf } from '../../carriers/chart-reference.js';
import { imageTargetOf } from '../../carriers/image-reference.js';
import type { Trailers } from '../../ledger/trailers.js';
import { blockKey } from '../../pull-requests/body-block.js';
import type { Planned } from '../../pull-requests/planned.js';
import { newestOf } from '../../releases/release-pull-request.js';
import type { PullRequest } from '../../repository/pull-request.js';
import { type AppBump, versionOfKey } from './app-bump.js';
import type { AppTarget } from './request.js';

/** A newer release that an open pull request brings. */
export interface NewerRelease {
  bump: AppBump;
  /** Page of the run that proposed it, empty where its commit names none. */
  runUrl: string;
}

/**
 * The newer release that an open pull request brings while its text is about another one.
 *
 * @param onTop the plan of `bump` on top of the branch
 * @returns `undefined` where the text is right
 */
export function newerRelease(
  bump: AppBump,
  open: PullRequest | undefined,
  onTop: Planned | undefined,
): NewerRelease | undefined {
  if (open === undefined || onTop?.state !== 'newer') {
    return undefined;
  }
  const proposed = newestOf(open, { environment: bump.environment, app: bump.target.app });
  if (proposed === undefined || proposed.version === versionOfKey(blockKey('bump', open.body))) {
    return undefined;
  }
  return { bump: { ...bump, target: targetOf(proposed, bump.target) }, runUrl: proposed.run ?? '' };
}

/** What a commit's trailers say was to be set. */
function targetOf({ app, version, images, charts, source }: Trailers, own: AppTarget): AppTarget {
  const at = source?.lastIndexOf('@') ?? -1;
  return {
    app,
    version,
    images: images.flatMap((image) => imageOf(image, own)),
    charts: charts?.flatMap((chart) => chartTargetOf(chart) ?? []),
    release: undefined,
    source:
      source === undefined || at < 0 ? own.source : { repository: source.slice(0, at), sha: source.slice(at + 1) },
  };
}

/** By the name that the app's own images have. */
function imageOf(image: string, own: AppTarget): ImageTarget[] {
  const target = imageTargetOf(image);
  const known = own.images.find(({ repository }) => repository === target?.repository);
  return target === undefined ? [] : [{ ...target, image: known?.image ?? target.image }];
}
