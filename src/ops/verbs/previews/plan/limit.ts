import { type Candidate, hasSlot } from './candidate.js';
import type { Decision } from './decision.js';

export interface SlotActions {
  /** Decides about a preview that may have a slot; it takes the slot only when its state is `active` afterwards. */
  activate(candidate: Candidate): Promise<Decision>;
  /** Decides about a preview for which no slot is left. */
  queue(candidate: Candidate): Promise<Decision>;
  /** Reads what `activate` will read for these, and decides nothing. */
  prepare(candidates: readonly Candidate[]): Promise<unknown>;
}

/** How many are read at once where those before them left slots. */
const AT_ONCE = 100;

/**
 * Assigns the slots that `previews.limit` of the policy allows, in the order of `inSlotOrder`. A preview that cannot be
 * rendered leaves its slot to the next; what all of those read that may get it then is read together, however many cannot be rendered.
 *
 * @param slots how many there are; zero or less when broken records hold all of them
 * @returns a decision for each candidate, in slot order; those that are queued have their position, from 1
 * @throws whatever the actions throw
 */
export async function assignSlots(
  candidates: readonly Candidate[],
  slots: number,
  { activate, queue, prepare }: SlotActions,
): Promise<Decision[]> {
  const decisions: Decision[] = [];
  let taken = 0;
  let position = 0;
  let prepared = 0;
  const waiting = inSlotOrder(candidates);
  while (waiting.length > 0) {
    const free = slots - taken;
    const looked = decisions.length;
    if (free > 0 && looked > 0 && looked + Math.min(free, waiting.length) > prepared) {
      const ahead = waiting.slice(0, Math.max(free, AT_ONCE));
      await prepare(ahead);
      prepared = looked + ahead.length;
    }
    // All that may have a slot at once, whatever comes of the others: what they read is read together.
    const next = free > 0 ? waiting.splice(0, free).map(activate) : waiting.splice(0).map(queue);
    for (const decision of await Promise.all(next)) {
      decisions.push(decision.state === 'queued' ? { ...decision, position: ++position } : decision);
      taken += decision.state === 'active' ? 1 : 0;
    }
  }
  return decisions;
}

/**
 * Previews that have a slot come first, then those in the queue; each of these by the time of their first request, oldest
 * first. So a new preview never displaces one that runs, and a lowered limit takes the slots of the youngest.
 */
export function inSlotOrder(candidates: readonly Candidate[]): Candidate[] {
  const rank = (candidate: Candidate) => (hasSlot(candidate) ? 0 : 1);
  return [...candidates].sort(
    (one, other) =>
      rank(one) - rank(other) ||
      Date.parse(one.record.createdAt) - Date.parse(other.record.createdAt) ||
      (one.record.name < other.record.name ? -1 : 1),
  );
}
