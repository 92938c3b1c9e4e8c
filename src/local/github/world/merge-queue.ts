import { announcePull } from '../events/pull.js';
import type { Caller } from './accounts.js';
import { hasMoved, mergePull } from './merge.js';
import { queuePull } from './merge-group.js';
import { mergeState, missingChecks, verdictOf } from './mergeability.js';
import type { PullRecord } from './records.js';
import type { Actor } from './ref-change.js';
import { updateRefs } from './ref-changes.js';
import { Refusal } from './refusal.js';
import type { Repository } from './repository.js';
import { branchRules } from './rulesets.js';
import type { World } from './world.js';

/** Requests that pass until the queue merges at the earliest: GitHub takes a moment. */
const REQUESTS_UNTIL_MERGED = 3;

/**
 * Puts a pull request into the merge queue of its base. It is merged when the required checks of the group have passed,
 * by the method and with the messages of the queue.
 *
 * @throws Refusal 422 where there is no queue, the pull request is in it already, or its own requirements are not met
 * @see https://docs.github.com/graphql/reference/mutations#enqueuepullrequest
 */
export async function enqueue(
  world: World,
  repository: Repository,
  { account, startsWorkflows }: Pick<Caller, 'account' | 'startsWorkflows'>,
  pull: PullRecord,
  expectedHead: string | undefined,
): Promise<void> {
  if (branchRules(repository, pull.baseRef)?.mergeQueue === undefined) {
    throw new Refusal(422, 'Branch does not have a merge queue');
  }
  if (pull.state !== 'open' || pull.queued !== undefined) {
    throw new Refusal(
      422,
      pull.state === 'open' ? 'Pull request is already queued to merge' : 'Pull request is closed',
    );
  }
  if ((expectedHead !== undefined && expectedHead !== pull.headOid) || (await hasMoved(pull))) {
    throw new Refusal(422, 'Head branch was modified. Review and try the merge again.');
  }
  const { reasons } = await mergeState(repository, pull);
  if (reasons.length > 0) {
    throw new Refusal(422, reasons.join(' '));
  }
  const actor = { account, startsWorkflows };
  pull.autoMerge = undefined;
  const group = await queuePull(world, repository, actor, pull);
  pull.queued = { by: account, group, at: world.now() };
  pull.queueEvents.push({ id: world.nextId(), actor: account, createdAt: world.now() });
  await announcePull(world, repository, actor, pull, 'enqueued');
  world.later(REQUESTS_UNTIL_MERGED, () => mergeQueued(world, repository));
}

/** Takes a pull request out of the merge queue. @throws Refusal 422 where it is not in it */
export async function dequeue(world: World, repository: Repository, caller: Caller, pull: PullRecord): Promise<void> {
  if (pull.queued === undefined) {
    throw new Refusal(422, 'Pull request is not in the merge queue');
  }
  await leaveQueue(world, repository, caller, pull);
}

async function leaveQueue(world: World, repository: Repository, actor: Actor, pull: PullRecord): Promise<void> {
  const group = pull.queued?.group ?? '';
  pull.queued = undefined;
  await announcePull(world, repository, actor, pull, 'dequeued');
  await updateRefs(world, repository, actor, [{ name: group, to: null }]);
}

/**
 * Merges every pull request of the queue whose group has passed the required checks. One whose group has failed one leaves
 * the queue, and so does one that was pushed to, when it records the push.
 *
 * @see https://docs.github.com/repositories/configuring-branches-and-merges-in-your-repository/configuring-pull-request-merges/managing-a-merge-queue#how-merge-queues-work
 */
export async function mergeQueued(world: World, repository: Repository): Promise<void> {
  for (const pull of [...repository.pulls.values()]) {
    const { queued } = pull;
    const rules = branchRules(repository, pull.baseRef);
    const sha = queued === undefined ? undefined : await repository.refs.get(queued.group);
    if (queued === undefined || sha === undefined || rules?.mergeQueue === undefined || (await hasMoved(pull))) {
      continue;
    }
    if (rules.requiredChecks.some((check) => verdictOf(repository, sha, check) === 'failure')) {
      await leaveQueue(world, repository, { account: queued.by, startsWorkflows: true }, pull);
    } else if (missingChecks(repository, rules, sha).length === 0) {
      const actor = { account: world.accounts.get('github-merge-queue[bot]'), startsWorkflows: true };
      const { method } = rules.mergeQueue;
      const asked = { method, title: undefined, message: undefined, expectedHead: undefined, byQueue: true };
      pull.queued = undefined;
      await mergePull(world, repository, actor, pull, asked);
      await updateRefs(world, repository, actor, [{ name: queued.group, to: null }]);
    }
  }
}
