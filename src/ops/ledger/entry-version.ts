import { compareVersions } from '../carriers/compare-versions.js';
import { tagOf } from '../carriers/target.js';
import type { LedgerEntry } from './ledger.js';

/** The version of an entry for people: its version, else a tag, else the beginning of a digest. */
export function entryVersion({ version, targets, pinned }: LedgerEntry): string {
  return version ?? targets.map(tagOf)[0] ?? pinned[0]?.digest.slice(0, 19) ?? 'nothing that names a version';
}

/** Whether an entry has a version that somebody named: as `entryVersion` gives it, or as a tag of the same version. */
export function hasVersion(entry: LedgerEntry, named: string): boolean {
  const name = entryVersion(entry);
  return name === named || compareVersions({ tag: name }, { tag: named }) === 'same';
}
