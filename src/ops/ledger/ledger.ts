import type { Target } from '../carriers/carrier.js';
import { compareVersions } from '../carriers/compare-versions.js';
import type { HeldEntry, HeldOnce } from '../policy/rules.js';
import type { MergedPull } from './history-page.js';
import type { Trailers } from './trailers.js';

/** A change of the versions that an app's overlay deploys. */
export interface LedgerEntry {
  /** The commit that made it; the commit of the branch, where a merge commit merged it. */
  oid: string;
  /**
   * The last commit with these versions that changed anything in the overlay: its final state before the next entry.
   */
  lastOid: string;
  /** When it reached the default branch: when its pull request was merged, or else the date of the commit. */
  at: Date;
  /** Whether the environment has the app from here on. Where it does not, the entry has no versions. */
  present: boolean;
  /** The version for people; `null` where nothing names one. */
  version: string | null;
  /** Every image and pinned remote base; an image that is pinned by its digest alone has no tag. */
  targets: Target[];
  /** Images with a digest and no tag. */
  pinned: { repository: string; digest: string }[];
  /** Its places, such as clusters, where they had different versions; the rest is that of the first then. */
  places?: { place: string; version: string | null; targets: Target[] }[];
  /** The trailers of a commit that an action made; `undefined` for any other commit. */
  trailers: Trailers | undefined;
  /** Login, or the name in the commit where GitHub knows no account. */
  author: string;
  pullRequest: MergedPull | undefined;
}

/** What an app ran in an environment and when, from the history of its overlay. */
export interface Ledger {
  /** Newest first: the first entry is what is deployed now. */
  entries: LedgerEntry[];
  /**
   * Whether it goes back to the first commit. Where it does not, the last entry may have begun earlier than it says.
   */
  complete: boolean;
}

/** The entry at a time; `undefined` before the oldest one. */
export function deployedAt({ entries }: Ledger, time: Date): LedgerEntry | undefined {
  return entries.find(({ at }) => at <= time);
}

/**
 * Since when a version is deployed without interruption, for soak times and lag. Other images of the overlay may have
 * changed since then. The time starts anew where one of its tags got another digest.
 *
 * @param version as in an entry, or a tag
 * @returns `undefined` where it is not deployed now; the latest possible time where the ledger is not complete
 */
export function deployedSince({ entries }: Pick<HeldOnce, 'entries'>, version: string | null): Date | undefined {
  const end = endOf(entries, version);
  return (end < 0 ? entries.at(-1) : entries[end - 1])?.at;
}

/** Whether these entries, newest first, are enough to know since when a version is deployed. */
export function knowsDeployedSince(entries: readonly LedgerEntry[], version: string | null): boolean {
  return entries.length > 0 && endOf(entries, version) >= 0;
}

/** Index of the first entry without the version; 0 where it is not deployed now, -1 where all entries have it. */
function endOf(entries: readonly HeldEntry[], version: string | null): number {
  const [current] = entries;
  return entries.findIndex(
    (entry) =>
      !entry.present || !isSameVersion(entry, version) || (current !== undefined && hasOtherDigest(current, entry)),
  );
}

function isSameVersion(entry: HeldEntry, version: string | null): boolean {
  if (entry.version === null || version === null) {
    return entry.version === version;
  }
  return entry.version === version || compareVersions({ tag: entry.version }, { tag: version }) === 'same';
}

/** Whether two entries have the same tag of an image with different digests. */
function hasOtherDigest(one: HeldEntry, other: HeldEntry): boolean {
  return one.targets.some(
    (target) =>
      target.kind === 'image' &&
      other.targets.some(
        (before) =>
          before.kind === 'image' &&
          before.repository === target.repository &&
          before.tag === target.tag &&
          before.tag !== undefined &&
          before.digest !== undefined &&
          target.digest !== undefined &&
          before.digest !== target.digest,
      ),
  );
}
