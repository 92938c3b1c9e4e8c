import type { Mutation } from '../../github/mutations.js';
import type { PullRequest } from '../repository/pull-request.js';
import type { MergeMethod, RepositoryState } from '../repository/repository-state.js';
import type { CommitMessage } from '../tree/change.js';
import { BASE_HOLDS, MERGED_HOLDS } from './holds-at-merge.js';
import { MERGE_COMMIT } from './own-merges.js';

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
  message: CommitMessage;
}

/**
 * What merges a pull request by itself. Where rules hold the merge back and the repository allows auto-merge, GitHub
 * merges it when they are met; where nothing holds it back it is merged now. Both are pinned to the head commit, so that
 * nothing merges that was pushed meanwhile. Empty if the merge has to wait.
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
  if (!repo.autoMergeAllowed || (isOn && !finishing.changed)) {
    return [];
  }
  const off = mutation(`${id}_off`, 'disablePullRequestAutoMerge', { pullRequestId: finishing.pullRequest.id });
  const on = {
    ...mutation(`${id}_auto`, 'enablePullRequestAutoMerge', mergeInput(finishing, method)),
    select: `pullRequest { ${BASE_HOLDS} }`,
  };
  return isOn ? [off, on] : [on];
}

/** Merges now, if the head is still the commit that is meant. */
export function mergeNow(alias: string, finishing: Finishing, method: MergeMethod): Mutation {
  const input = mergeInput(finishing, method);
  return { alias, name: 'mergePullRequest', input, select: `pullRequest { ${MERGE_COMMIT} ${MERGED_HOLDS} }` };
}

/** A squashed commit keeps the trailers, which are the ledger; the other methods keep the commits that have them. */
function mergeInput({ pullRequest, headOid, message }: Finishing, mergeMethod: MergeMethod): Record<string, unknown> {
  const text =
    mergeMethod === 'SQUASH'
      ? { commitHeadline: `${message.headline} (#${pullRequest.number})`, commitBody: message.body }
      : {};
  return { pullRequestId: pullRequest.id, mergeMethod, expectedHeadOid: headOid, ...text };
}

export function mutation(alias: string, name: string, input: Record<string, unknown>): Mutation {
  return { alias, name, input, select: 'clientMutationId' };
}
