import { announcePull } from '../events/pull.js';
import type { Caller } from './accounts.js';
import { mergePull } from './merge.js';
import { enqueue, mergeQueued } from './merge-queue.js';
import { mergeState } from './mergeability.js';
import type { MergeMethod, PullRecord } from './records.js';
import { Refusal } from './refusal.js';
import type { Repository } from './repository.js';
import { branchRules } from './rulesets.js';
import type { World } from './world.js';

export interface AutoMergeRequest {
  method: MergeMethod;
  title: string | undefined;
  message: string | undefined;
  expectedHead: string | undefined;
}

/**
 * Turns auto-merge on.
 *
 * @throws Refusal 422 with GitHub's message: the repository does not allow it, or the pull request could merge now
 */
export async function enableAutoMerge(
  world: World,
  repository: Repository,
  caller: Caller,
  pull: PullRecord,
  request: AutoMergeRequest,
): Promise<void> {
  if (!repository.settings.allowAutoMerge) {
    throw new Refusal(422, 'Auto merge is not allowed for this repository');
  }
  if (pull.state !== 'open') {
    throw new Refusal(422, 'Pull request is closed');
  }
  if (request.expectedHead !== undefined && request.expectedHead !== pull.headOid) {
    throw new Refusal(422, 'Head branch was modified. Review and try the merge again.');
  }
  const { status } = await mergeState(repository, pull);
  const isReady = status === 'CLEAN' || status === 'UNSTABLE';
  if (isReady && hasQueue(repository, pull)) {
    await enqueue(world, repository, caller, pull, request.expectedHead);
    return;
  }
  if (isReady) {
    throw new Refusal(422, `Pull request is in ${status.toLowerCase()} status`);
  }
  pull.autoMerge = {
    method: request.method,
    title: request.title,
    message: request.message,
    enabledBy: caller.account,
    startsWorkflows: caller.startsWorkflows,
    enabledAt: world.now(),
  };
  await announcePull(world, repository, caller, pull, 'auto_merge_enabled');
}

function hasQueue(repository: Repository, { baseRef }: PullRecord): boolean {
  return branchRules(repository, baseRef)?.mergeQueue !== undefined;
}

/** Turns auto-merge off. */
export async function disableAutoMerge(world: World, repository: Repository, caller: Caller, pull: PullRecord) {
  if (pull.autoMerge === undefined) {
    throw new Refusal(422, "Can't disable auto-merge for this pull request.");
  }
  pull.autoMerge = undefined;
  await announcePull(world, repository, caller, pull, 'auto_merge_disabled');
}

/** Merges every open pull request that has auto-merge and can now merge, or puts it into the merge queue. */
export async function mergeReadyPulls(world: World, repository: Repository): Promise<void> {
  for (const pull of [...repository.pulls.values()]) {
    const { autoMerge } = pull;
    if (pull.state !== 'open' || autoMerge === undefined) {
      continue;
    }
    const { status } = await mergeState(repository, pull);
    if (status === 'CLEAN' || status === 'UNSTABLE') {
      const actor = { account: autoMerge.enabledBy, startsWorkflows: autoMerge.startsWorkflows };
      const { method, title, message } = autoMerge;
      const merging = hasQueue(repository, pull)
        ? enqueue(world, repository, actor, pull, undefined)
        : mergePull(world, repository, actor, pull, { method, title, message, expectedHead: undefined });
      await merging.catch(ignoreRefusal);
    }
  }
  await mergeQueued(world, repository);
}

/** A merge can still be refused, such as a rebase that conflicts: the change that led to it does not fail then. */
function ignoreRefusal(error: unknown): void {
  if (!(error instanceof Refusal)) {
    throw error;
  }
}
