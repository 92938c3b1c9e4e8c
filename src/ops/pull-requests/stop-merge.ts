import type { Mutation } from '../../github/mutations.js';
import type { PullRequest } from '../repository/pull-request.js';

/** What keeps GitHub from merging a pull request by itself: auto-merge is turned off, and it leaves the merge queue. */
export function stopMerge({
  id,
  autoMerge,
  inQueue,
}: Pick<PullRequest, 'id' | 'autoMerge' | 'inQueue'>): Omit<Mutation, 'alias'>[] {
  return [
    ...(autoMerge
      ? [{ name: 'disablePullRequestAutoMerge', input: { pullRequestId: id }, select: 'clientMutationId' }]
      : []),
    ...(inQueue ? [{ name: 'dequeuePullRequest', input: { id }, select: 'clientMutationId' }] : []),
  ];
}

/**
 * Whether GitHub merges an open pull request by itself, now or when its checks allow. A push to it takes it out of the merge
 * queue, as soon as it shows that.
 *
 * @param pushed whether this run has pushed to it since it was read
 */
export function mergesByItself(
  open: Pick<PullRequest, 'autoMerge' | 'inQueue' | 'hasFollowed'> | undefined,
  pushed = false,
): boolean {
  return open !== undefined && (open.autoMerge || (open.inQueue && open.hasFollowed && !pushed));
}
