import type { Mutation } from '../../github/mutations.js';
import type { PullRequest } from '../repository/pull-request.js';
import type { MergeMethod, RepositoryState } from '../repository/repository-state.js';
import type { CommitMessage } from '../tree/change.js';
import { BASE_HOLDS, MERGED_HOLDS } from './holds-at-merge.js';
import { MERGE_COMMIT } from './own-merges.js';
import { mergesByItself } from './stop-merge.js';

/** A pull request after its content was written. */
export interface Finishing {
  pullRequest: { id: string; number: number };
  /** Names of the labels it is to have. */
  labels: readonly string[];
  /** Its state before this run, `undefined` when this run opened it. */
  known: PullRequest | undefined;
  /** Commit that a merge is pinned to. */
  headOid: string;
  /** Whether this run changed its content. */
  changed: boolean;
  /** Whether it is to merge by itself. */
  merges: boolean;
  /** Whether nobody wishes any more that it is merged later, so that its label goes. */
  losesLabel?: boolean;
  /** Whether GitHub must no longer merge it by itself. */
  stopsMerging?: boolean;
  message: CommitMessage;
  /** Commits on it that are not of the verb, as people read them: first lines with short ids, oldest first. */
  others: readonly string[];
}

/**
 * What merges a pull request by itself. Where rules hold the merge back and the repository allows auto-merge, GitHub
 * merges it when they are met; where nothing holds it back it is merged now. Both are pinned to the head commit, so that
 * nothing merges that was pushed meanwhile. Empty if the merge has to wait.
 *
 * Where a merge queue merges, it is put there: its own messages and method are used, whatever is given. Auto-merge does that
 * as soon as the requirements are met; where the repository does not allow it, the mutation fails until then.
 *
 * Auto-merge that is on already keeps the message it was turned on with: where the content changed it is turned off and on
 * again, or the merged commit would name the version before.
 */
export function mergeMutations(
  id: string,
  finishing: Finishing,
  repo: RepositoryState,
  method: MergeMethod,
): Mutation[] {
  const isOn = finishing.known?.autoMerge === true;
  if (!repo.guarded) {
    return [mergeNow(`${id}_merge`, finishing, method)];
  }
  if (!finishing.changed && mergesByItself(finishing.known)) {
    return [];
  }
  if (repo.mergeQueue && isOn) {
    return [];
  }
  if (repo.mergeQueue) {
    return [repo.autoMergeAllowed ? whenReady(`${id}_auto`, finishing) : enqueue(`${id}_auto`, finishing)];
  }
  if (!repo.autoMergeAllowed) {
    return [];
  }
  const off = mutation(`${id}_off`, 'disablePullRequestAutoMerge', { pullRequestId: finishing.pullRequest.id });
  const on = {
    ...mutation(`${id}_auto`, 'enablePullRequestAutoMerge', mergeInput(finishing, method)),
    select: `pullRequest { ${BASE_HOLDS} }`,
  };
  return isOn ? [off, on] : [on];
}

/**
 * Puts a pull request into the merge queue now, if its own requirements are met and the head is still the commit that is
 * meant. That takes no auto-merge in the repository.
 */
export function enqueue(alias: string, { pullRequest, headOid }: Finishing): Mutation {
  const input = { pullRequestId: pullRequest.id, expectedHeadOid: headOid };
  const select = `mergeQueueEntry { pullRequest { ${BASE_HOLDS} } }`;
  return { alias, name: 'enqueuePullRequest', input, select };
}

/** Has GitHub put it into the merge queue as soon as its requirements are met. Method and messages are the queue's own. */
function whenReady(alias: string, { pullRequest, headOid }: Finishing): Mutation {
  const input = { pullRequestId: pullRequest.id, expectedHeadOid: headOid };
  return { alias, name: 'enablePullRequestAutoMerge', input, select: `pullRequest { ${BASE_HOLDS} }` };
}

/** Merges now, if the head is still the commit that is meant. */
export function mergeNow(alias: string, finishing: Finishing, method: MergeMethod): Mutation {
  const input = mergeInput(finishing, method);
  return { alias, name: 'mergePullRequest', input, select: `pullRequest { ${MERGE_COMMIT} ${MERGED_HOLDS} }` };
}

/**
 * A squashed commit keeps the trailers, which are the ledger, and names what else it holds; the other methods keep the
 * commits themselves.
 */
function mergeInput(
  { pullRequest, headOid, message, others }: Finishing,
  mergeMethod: MergeMethod,
): Record<string, unknown> {
  const also =
    others.length === 0 ? [] : ['With commits of other people:', others.map((each) => `* ${each}`).join('\n')];
  const text =
    mergeMethod === 'SQUASH'
      ? {
          commitHeadline: `${message.headline} (#${pullRequest.number})`,
          commitBody: [...also, message.body].filter((part) => part !== '').join('\n\n'),
        }
      : {};
  return { pullRequestId: pullRequest.id, mergeMethod, expectedHeadOid: headOid, ...text };
}

export function mutation(alias: string, name: string, input: Record<string, unknown>): Mutation {
  return { alias, name, input, select: 'clientMutationId' };
}
