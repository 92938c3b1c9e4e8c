import { compareVersions } from '../carriers/compare-versions.js';
import type { LedgerEntry } from './ledger.js';

/** What people call what was held: its version, else a tag, else a digest. */
export function entryVersion({ version, targets, pinned }: LedgerEntry): string {
  const tags = targets.map((target) => (target.kind === 'image' ? target.tag : target.gitTag));
  return version ?? tags[0] ?? pinned[0]?.digest.slice(0, 19) ?? 'nothing that names a version';
}

/** Whether what was held is what people call so: a version, or a tag of it. */
export function hasVersion(entry: LedgerEntry, named: string): boolean {
  const name = entryVersion(entry);
  return name === named || compareVersions({ tag: name }, { tag: named }) === 'same';
}
