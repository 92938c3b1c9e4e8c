import { sha256 } from '../space/signature.js';
import type { Space } from '../space/space.js';
import { type HistoryEntry, PARTS } from './entries.js';
import type { HashLedger } from './hash-ledger.js';

/**
 * Whether a plan in the space is what git has the hashes of. `unfinished`: a run ended before it was whole. `not in git`: it was
 * never applied, or by a run that writes no hashes. `kept no longer`: retention deletes it.
 */
export type Verdict =
  | { state: 'as recorded' | 'not in git' | 'unfinished' | 'kept no longer' }
  | { state: 'changed' | 'gone'; key: string };

/** Whether a plan is not what git has the hashes of. @param verdict `undefined` for one that was not compared */
export function isTouched(verdict: Verdict | undefined): verdict is Extract<Verdict, { key: string }> {
  return verdict !== undefined && 'key' in verdict;
}

/** Most bytes of what is written beside a plan. */
const MOST_BYTES = 64 * 1024;

/**
 * Compares a plan with git: its record, which has the hashes of its parts, and what was written down of it later.
 *
 * @param ledger as git has it
 */
export async function verifyPlan(space: Space, entry: HistoryEntry, ledger: HashLedger): Promise<Verdict> {
  const { prefix, isWhole, names } = entry;
  if (ledger.deleted.has(prefix)) {
    return { state: 'kept no longer' };
  }
  const own = [...ledger.hashes].filter(([key]) => key.startsWith(`${prefix}/`));
  for (const [key, expected] of own) {
    const bytes = await space.get(key, MOST_BYTES);
    if (bytes === undefined) {
      return { state: 'gone', key };
    }
    if (sha256(bytes) !== expected) {
      return { state: 'changed', key };
    }
  }
  if (!ledger.hashes.has(`${prefix}/${PARTS.record}`)) {
    return { state: isWhole ? 'not in git' : 'unfinished' };
  }
  const missing = Object.values<string>(PARTS).find((part) => !names.includes(part));
  return missing === undefined ? { state: 'as recorded' } : { state: 'gone', key: `${prefix}/${missing}` };
}

/** Prefixes of plans that git has hashes of, that nobody said to be kept no longer, and that the space has nothing of. */
export function vanishedPlans(entries: readonly HistoryEntry[], { hashes, deleted }: HashLedger): string[] {
  const there = new Set(entries.map(({ prefix }) => prefix));
  const known = new Set([...hashes.keys()].map((key) => key.slice(0, key.lastIndexOf('/'))));
  return [...known].filter((prefix) => !there.has(prefix) && !deleted.has(prefix)).sort();
}
