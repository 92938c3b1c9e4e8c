import type { Caller } from './accounts.js';
import { hasMoved, mergePull } from './merge.js';
import { queuePull } from './merge-group.js';
import { checkVerdicts, mergeState } from './mergeability.js';
import type { PullRecord } from './records.js';
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
  world.later(REQUESTS_UNTIL_MERGED, () => mergeQueued(world, repository));
}

/** Takes a pull request out of the merge queue. @throws Refusal 422 where it is not in it */
export async function dequeue(world: World, repository: Repository, caller: Caller, pull: PullRecord): Promise<void> {
  const { queued } = pull;
  if (queued === undefined) {
    throw new Refusal(422, 'Pull request is not in the merge queue');
  }
  pull.queued = undefined;
  await updateRefs(world, repository, caller, [{ name: queued.group, to: null }]);
}

/**
 * Merges every pull request of the queue whose group has passed the required checks. One that was pushed to is merged no more:
 * it leaves the queue when it records the push.
 */
export async function mergeQueued(world: World, repository: Repository): Promise<void> {
  for (const pull of [...repository.pulls.values()]) {
    const { queued } = pull;
    const rules = branchRules(repository, pull.baseRef);
    const sha = queued === undefined ? undefined : await repository.refs.get(queued.group);
    if (queued === undefined || sha === undefined || rules?.mergeQueue === undefined || (await hasMoved(pull))) {
      continue;
    }
    const verdicts = checkVerdicts(repository, sha);
    if ((rules.requiredChecks ?? []).every((name) => verdicts.get(name) === 'success')) {
      const actor = { account: world.accounts.get('github-merge-queue[bot]'), startsWorkflows: true };
      const { method } = rules.mergeQueue;
      const asked = { method, title: undefined, message: undefined, expectedHead: undefined, byQueue: true };
      pull.queued = undefined;
      await mergePull(world, repository, actor, pull, asked);
      await updateRefs(world, repository, actor, [{ name: queued.group, to: null }]);
    }
  }
}
