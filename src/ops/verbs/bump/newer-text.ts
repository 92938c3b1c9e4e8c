import type { ImageTarget } from '../../carriers/carrier.js';
import { imageTargetOf } from '../../carriers/image-reference.js';
import type { Trailers } from '../../ledger/trailers.js';
import { blockKey } from '../../pull-requests/block.js';
import { newestOf } from '../../releases/release-pull-request.js';
import type { AppTarget } from './request.js';
import { type Survey, type Unit, versionOfKey } from './unit.js';

/**
 * The newer release that an open pull request brings while its text is about another one. The text and the branch are
 * two writes: a slower run of an older release may write its text after the newer one's, which is done by then and does
 * not look again. Whoever comes by and finds it writes the text for the newer one.
 *
 * @returns the unit that the text is to be about and the page of the run that proposed it; `undefined` where it is right
 */
export function newerThanText({ unit, open, branch }: Survey): { unit: Unit; runUrl: string } | undefined {
  if (open === undefined || branch?.plan?.standing !== 'newer-there') {
    return undefined;
  }
  const proposed = newestOf(open, { environment: unit.environment, app: unit.target.app });
  if (proposed === undefined || proposed.version === versionOfKey(blockKey('bump', open.body))) {
    return undefined;
  }
  return { unit: { ...unit, target: targetOf(proposed, unit.target) }, runUrl: proposed.run ?? '' };
}

/** What a commit's trailers say was to be set. */
function targetOf({ app, version, images, source }: Trailers, own: AppTarget): AppTarget {
  const at = source?.lastIndexOf('@') ?? -1;
  return {
    app,
    version,
    images: images.flatMap((image) => imageOf(image, own)),
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
