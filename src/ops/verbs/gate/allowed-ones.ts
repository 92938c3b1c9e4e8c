import type { OpenPull } from '../../judged-pulls/open-pulls.js';
import type { QueueGroup } from './queue-groups.js';

/**
 * The pull requests and groups whose heads are allowed, or all others: what is allowed is judged first, so that a success ends
 * although the rest cannot be judged. With a group are its pull requests: it is judged by theirs.
 *
 * @param gate the check run that is required
 */
export function allowedOnes(
  pulls: readonly OpenPull[],
  groups: readonly QueueGroup[],
  gate: string,
  isAllowed = true,
): [OpenPull[], QueueGroup[]] {
  const isGiven = ({ checks }: Pick<OpenPull, 'checks'>) => checks.get(gate)?.conclusion === 'success';
  const queued = new Set(groups.filter(isGiven).flatMap(({ entries }) => entries.map(({ number }) => number)));
  const heads = new Set(pulls.filter((pull) => isGiven(pull) || queued.has(pull.number)).map(({ head }) => head));
  return [
    pulls.filter(({ head }) => heads.has(head) === isAllowed),
    groups.filter((group) => isGiven(group) === isAllowed),
  ];
}
