import type { Target } from '../carriers/carrier.js';
import { compareVersions } from '../carriers/compare-versions.js';
import type { MergedPull } from './history-page.js';
import type { Trailers } from './trailers.js';

/** A change of what an app's overlay holds. */
export interface LedgerEntry {
  /** The commit that brought it; with a merge commit the one of the merged branch. */
  oid: string;
  /** The last commit that changed anything of the overlay while this was held: all of it as it was before what came next. */
  lastOid: string;
  /** When it reached the default branch: the merge of its pull request, else the commit's date. */
  at: Date;
  /** Whether the environment has the app from here on; without it there is nothing held. */
  present: boolean;
  /** As people read it, `null` where nothing tells it. */
  version: string | null;
  /** Every image and pinned remote base. */
  targets: Target[];
  /** Images that a digest alone pins. */
  pinned: { repository: string; digest: string }[];
  /** Of a commit that one of our verbs wrote. */
  trailers: Trailers | undefined;
  /** Login, or the name in the commit where GitHub knows no account. */
  author: string;
  pullRequest: MergedPull | undefined;
}

/** What an app's overlay in an environment held, newest first: the first entry is what it holds now. */
export interface Ledger {
  entries: LedgerEntry[];
  /**
   * Whether this goes back to the beginning. Where it does not, the last entry may have been held longer than it says.
   */
  complete: boolean;
}

/** What was held at a time; `undefined` before the first entry that is known. */
export function heldAt({ entries }: Ledger, time: Date): LedgerEntry | undefined {
  return entries.find(({ at }) => at <= time);
}

/**
 * Since when a version is held without a break, for soak times and lag.
 *
 * Other images of the overlay may have changed meanwhile; another content under the version's own tags starts anew.
 *
 * @param version as people read it, or a tag
 * @returns `undefined` when it is not what is held now; the latest possible time where the ledger is not complete
 */
export function since({ entries }: Ledger, version: string | null): Date | undefined {
  const end = endOf(entries, version);
  return (end < 0 ? entries.at(-1) : entries[end - 1])?.at;
}

/** Whether these entries, newest first, are enough to tell since when a version is held. */
export function knowsSince(entries: readonly LedgerEntry[], version: string | null): boolean {
  return entries.length > 0 && endOf(entries, version) >= 0;
}

/** Where the newest entries that hold a version end; 0 where it is not what is held now, -1 where none ends it. */
function endOf(entries: readonly LedgerEntry[], version: string | null): number {
  const [current] = entries;
  return entries.findIndex(
    (entry) =>
      !entry.present || !isSameVersion(entry, version) || (current !== undefined && hasOtherDigest(current, entry)),
  );
}

function isSameVersion(entry: LedgerEntry, version: string | null): boolean {
  if (entry.version === null || version === null) {
    return entry.version === version;
  }
  return entry.version === version || compareVersions({ tag: entry.version }, { tag: version }) === 'same';
}

/** Whether one tag means two contents. */
function hasOtherDigest(one: LedgerEntry, other: LedgerEntry): boolean {
  return one.targets.some(
    (target) =>
      target.kind === 'image' &&
      other.targets.some(
        (before) =>
          before.kind === 'image' &&
          before.repository === target.repository &&
          before.tag === target.tag &&
          before.digest !== undefined &&
          target.digest !== undefined &&
          before.digest !== target.digest,
      ),
  );
}
