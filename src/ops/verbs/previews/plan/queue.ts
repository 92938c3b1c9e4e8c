import type { PreviewPolicy } from '../../../policy/preview-policy.js';
import { type Candidate, hasSlot } from './candidate.js';
import { type Decision, decisionOn } from './decision.js';
import type { PreviewChanges } from './preview-changes.js';

/**
 * Decides about a preview for which no slot is left: it waits. The files of one that had a slot are deleted.
 *
 * @returns the decision without a position
 * @throws whatever the tree throws
 */
export async function queue(
  candidate: Candidate,
  { host, limit }: PreviewPolicy,
  changes: PreviewChanges,
): Promise<Decision> {
  const { record, before, requested, turn } = candidate;
  if (before !== undefined && hasSlot(candidate)) {
    await changes.takeDown(record.name, before.host);
    const reason = `older previews take all ${limit} slots that the limit allows.`;
    return decisionOn({ ...record, host, state: 'queued' }, 'queued', reason);
  }
  const reason = `all ${limit} slots for previews are taken.`;
  if (turn?.to === 'kept') {
    return decisionOn(record, 'prolonged', turn.reason);
  }
  return before === undefined || requested
    ? decisionOn({ ...record, host, state: 'queued' }, 'queued', reason)
    : decisionOn(record, 'kept', reason);
}
