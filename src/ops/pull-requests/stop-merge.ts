import type { Mutation } from '../../github/mutations.js';
import type { PullRequest } from '../repository/pull-request.js';

/** What keeps GitHub from merging a pull request by itself: auto-merge is turned off, and it leaves the merge queue. */
export function stopMerge({ id, autoMerge, inQueue }: PullRequest): Omit<Mutation, 'alias'>[] {
  return [
    ...(autoMerge
      ? [{ name: 'disablePullRequestAutoMerge', input: { pullRequestId: id }, select: 'clientMutationId' }]
      : []),
    ...(inQueue ? [{ name: 'dequeuePullRequest', input: { id }, select: 'clientMutationId' }] : []),
  ];
}

/** Whether GitHub merges an open pull request by itself, now or when its checks allow. */
export function mergesByItself(open: Pick<PullRequest, 'autoMerge' | 'inQueue'> | undefined): boolean {
  return open !== undefined && (open.autoMerge || open.inQueue);
}
