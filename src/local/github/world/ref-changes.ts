import { announceRefChange } from '../events/push.js';
import type { RefUpdate } from '../git/ref-files.js';
import { followBase, followHead } from './pull-follow.js';
import type { Actor, Merged, RefChange } from './ref-change.js';
import { Refusal } from './refusal.js';
import type { Repository } from './repository.js';
import type { World } from './world.js';

/**
 * Moves refs in one transaction, then does all that GitHub does after a push: events, pull requests, auto-merge.
 * Call it inside `world.exclusive`.
 *
 * @throws Refusal 422 when git refuses the transaction; nothing has moved then
 */
export async function updateRefs(world: World, repository: Repository, actor: Actor, updates: RefUpdate[]) {
  await followRefChanges(world, repository, actor, await moveRefs(repository, updates));
}

/**
 * Moves refs in one transaction. The caller calls `followRefChanges` with the result.
 *
 * @throws Refusal 422 when git refuses the transaction; nothing has moved then
 */
export async function moveRefs(repository: Repository, updates: RefUpdate[]): Promise<RefChange[]> {
  const changes: RefChange[] = [];
  for (const { name, to } of updates) {
    changes.push({ name, before: await repository.refs.get(name), after: to ?? undefined });
  }
  try {
    await repository.refs.update(updates);
  } catch {
    const moved = await leasesLost(repository, updates);
    throw moved.length === 0
      ? new Refusal(422, 'Reference update failed')
      : new Refusal(422, `Reference cannot be updated: ${moved.join(', ')} moved meanwhile`, { type: 'STALE_DATA' });
  }
  return changes;
}

/** Names of the refs that are not where their update expects them. */
async function leasesLost(repository: Repository, updates: readonly RefUpdate[]): Promise<string[]> {
  const moved: string[] = [];
  for (const { name, from } of updates) {
    if (from !== undefined && ((await repository.refs.get(name)) ?? null) !== from) {
      moved.push(name);
    }
  }
  return moved;
}

/** Does what GitHub does after refs moved, by the API or by a push: events, pull requests, auto-merge. */
export async function followRefChanges(
  world: World,
  repository: Repository,
  actor: Actor,
  changes: RefChange[],
  merged?: Merged,
) {
  const moved = changes.filter(({ before, after }) => before !== after);
  for (const change of moved) {
    await noteActivity(world, repository, actor, change, change.name === merged?.ref ? merged.by : undefined);
    await announceRefChange(world, repository, actor, change);
  }
  for (const change of moved) {
    if (change.name.startsWith('refs/heads/')) {
      await followHead(world, repository, actor, change);
      await followBase(world, repository, actor, change);
    }
  }
  await world.afterChange(repository);
}

/** Records an activity of a branch: https://docs.github.com/rest/repos/repos#list-repository-activities */
async function noteActivity(
  world: World,
  repository: Repository,
  actor: Actor,
  { name, before, after }: RefChange,
  merged: Merged['by'] | undefined,
) {
  if (!name.startsWith('refs/heads/')) {
    return;
  }
  const type =
    merged !== undefined
      ? merged
      : before === undefined
        ? 'branch_creation'
        : after === undefined
          ? 'branch_deletion'
          : (await repository.history.isAncestor(before, after))
            ? 'push'
            : 'force_push';
  repository.activities.push({
    id: world.nextId(),
    ref: name,
    before,
    after,
    type,
    actor: actor.account,
    at: world.now(),
  });
}
