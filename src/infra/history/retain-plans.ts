import { type Keep, planRetention } from '../backup/retention.js';
import { removeAll } from '../space/remove-all.js';
import type { Space } from '../space/space.js';
import { type HistoryEntry, PARTS } from './entries.js';

/**
 * The plans to delete. Of each root the newest is kept, and the newest that was applied; and each whose apply was started and
 * has no end, which somebody still has to look at.
 *
 * @param entries of any roots, newest first
 */
export function plansToDelete(entries: readonly HistoryEntry[], keep: Keep, now: Date): HistoryEntry[] {
  const roots = [...new Set(entries.map(({ root }) => root))];
  return roots.flatMap((root) => {
    const own = entries.filter((each) => each.root === root);
    const applied = own.find(({ steps }) => steps.includes('applied'));
    const isNeeded = (entry: HistoryEntry) =>
      entry === applied || (entry.steps.includes('apply-started') && !entry.steps.includes('applied'));
    return planRetention(own, keep, now, isNeeded);
  });
}

/** Deletes plans with all that was written of them; the record first, without which there is no plan. */
export async function deletePlans(space: Space, entries: readonly HistoryEntry[]): Promise<void> {
  for (const { prefix, names } of entries) {
    await removeAll(
      space,
      names.map((name) => `${prefix}/${name}`),
      `${prefix}/${PARTS.record}`,
    );
  }
}
