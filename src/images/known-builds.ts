import { type BuildRecord, type EarlierImage, MOST_EARLIER, type RecordedImage } from './build-record.js';

/** What runs of the release branch have built, as far as it is known. */
export interface KnownBuilds {
  /** The image that was built from a content. */
  digestOf(repository: string, key: string): string | undefined;
  /** The layers that were kept of an image, of its newest build. */
  layersOf(repository: string): string | undefined;
  /** All of it, newest first. */
  all: readonly EarlierImage[];
  /** What an earlier attempt of this very run has delivered: that stays, whatever came of other apps. */
  delivered: readonly RecordedImage[];
  /**
   * Whether a release of ours may have pushed an image that nobody recorded: one that was killed before it recorded anything, that
   * failed, or whose record is gone. Then nobody can tell whose it is, and it is not said that it is somebody else's.
   *
   * @param revision the commit that the image says it was built from, if any
   */
  mayHaveMade(digest: string, revision: string | undefined): Promise<boolean>;
}

/** Builds of one image that a record carries on: enough to go back to what was there before. */
const MOST_OF_ONE = 5;

/** The builds that a record tells of: what it made, then what it carries on. */
export function buildsIn({ images, earlier = [] }: BuildRecord): EarlierImage[] {
  return [...images, ...earlier].map(({ repository, digest, key, layers }) => ({
    ...{ repository, digest },
    ...(key !== undefined && { key }),
    ...(layers !== undefined && { layers }),
  }));
}

/** @param all newest first @param more where nobody can be asked, any image may be ours */
export function knownBuilds(
  all: readonly EarlierImage[],
  { mayHaveMade = async () => true, delivered = [] }: Partial<Pick<KnownBuilds, 'mayHaveMade' | 'delivered'>> = {},
): KnownBuilds {
  const by = new Map(all.toReversed().map((build) => [JSON.stringify([build.repository, build.key]), build]));
  const newest = new Map(
    all.toReversed().flatMap(({ repository, layers }) => (layers === undefined ? [] : [[repository, layers] as const])),
  );
  return {
    digestOf: (repository, key) => by.get(JSON.stringify([repository, key]))?.digest,
    layersOf: (repository) => newest.get(repository),
    all,
    mayHaveMade,
    delivered,
  };
}

/**
 * What the record of this run carries on: of each image the newest builds whose content is known, without those that this
 * run's own list has.
 *
 * @param own what this run lists itself
 * @param known what was known before
 */
export function carriedOn(own: readonly EarlierImage[], known: readonly EarlierImage[]): EarlierImage[] {
  const has = (key: string | undefined, list: readonly EarlierImage[], repository: string) =>
    list.some((each) => each.repository === repository && each.key === key);
  const kept: EarlierImage[] = [];
  const count = new Map<string, number>();
  for (const build of known) {
    const { repository, key } = build;
    const before = count.get(repository) ?? 0;
    if (key === undefined || before === MOST_OF_ONE || has(key, own, repository) || has(key, kept, repository)) {
      continue;
    }
    count.set(repository, before + 1);
    kept.push(build);
  }
  return kept.slice(0, MOST_EARLIER);
}
