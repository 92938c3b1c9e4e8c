import { type Candidate, hasSlot } from './candidate.js';
import type { Decision } from './decision.js';

export interface SlotActions {
  /** Decides about a preview that may have a slot; it takes the slot only when its state is `active` afterwards. */
  activate(candidate: Candidate): Promise<Decision>;
  /** Decides about a preview for which no slot is left. */
  queue(candidate: Candidate): Promise<Decision>;
}

/**
 * Assigns the slots that `previews.limit` of the policy allows, in the order of `inSlotOrder`. A preview that cannot be
 * rendered leaves its slot to the next.
 *
 * @param slots how many there are; zero or less when broken records hold all of them
 * @returns a decision for each candidate, in slot order; those that are queued have their position, from 1
 * @throws whatever the actions throw
 */
export async function assignSlots(
  candidates: readonly Candidate[],
  slots: number,
  { activate, queue }: SlotActions,
): Promise<Decision[]> {
  const decisions: Decision[] = [];
  let taken = 0;
  let position = 0;
  const waiting = inSlotOrder(candidates);
  while (waiting.length > 0) {
    const free = slots - taken;
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
