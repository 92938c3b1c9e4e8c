import type { Proposal } from './proposal.js';

/** The label of what is to be merged before anything else. */
export const URGENT = 'urgent';

/**
 * What was to be committed directly, as a pull request: rules guard the branch, so it is merged as soon as they and the policy
 * allow.
 *
 * @param base name of the branch
 */
export function asUrgent<P extends Proposal>(proposal: P, base: string): P {
  return {
    ...proposal,
    labels: [...new Set([...proposal.labels, URGENT])],
    body: (planned: Parameters<P['body']>[0], limit: number, merges = true) => proposal.body(planned, limit, merges),
    ...{ merges: true, insists: true },
    mergeReason: `rules guard ${base}, so it comes by a pull request`,
  };
}
