import * as v from 'valibot';
import { type Keep, planRetention } from '../backup/retention.js';
import { removeAll } from '../space/remove-all.js';
import type { Space } from '../space/space.js';
import { type HistoryEntry, PARTS } from './entries.js';
import { readSteps } from './read-plan.js';

const endSchema = v.object({ result: v.string() });

/**
 * The newest plan of each root whose apply went well: an apply may also have failed, or was given up.
 *
 * @param entries of any roots, newest first
 * @returns what their keys begin with
 */
export async function appliedLast(space: Space, entries: readonly HistoryEntry[]): Promise<Set<string>> {
  const found = new Map<string, string>();
  for (const entry of entries.filter(({ steps }) => steps.includes('applied'))) {
    if (!found.has(entry.root)) {
      const end = v.safeParse(endSchema, new Map(await readSteps(space, entry)).get('applied'));
      if (!end.success || end.output.result === 'applied') {
        found.set(entry.root, entry.prefix);
      }
    }
  }
  return new Set(found.values());
}

/**
 * The plans to delete. Of each root the newest is kept, and the one applied last; and each whose apply was started and has no
 * end, which somebody still has to look at.
 *
 * @param entries of any roots, newest first
 * @param applied what `appliedLast` says of them
 */
export function plansToDelete(
  entries: readonly HistoryEntry[],
  applied: ReadonlySet<string>,
  keep: Keep,
  now: Date,
): HistoryEntry[] {
  const roots = [...new Set(entries.map(({ root }) => root))];
  return roots.flatMap((root) => {
    const own = entries.filter((each) => each.root === root);
    const isNeeded = (entry: HistoryEntry) =>
      applied.has(entry.prefix) || (entry.steps.includes('apply-started') && !entry.steps.includes('applied'));
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
