import { announce } from '../events/simple.js';
import { commitView } from '../views/git.js';
import type { PullRecord } from './records.js';
import type { Actor } from './ref-change.js';
import { updateRefs } from './ref-changes.js';
import { Refusal } from './refusal.js';
import type { Repository } from './repository.js';
import type { World } from './world.js';

/**
 * Makes the group of a pull request in the merge queue, as workflows notice it: a branch with its test merge, the push of
 * it, and a `merge_group` event. `enqueue` in `merge-queue.ts` also merges it when its checks have passed.
 *
 * @returns full name of the branch
 * @throws Refusal when the pull request cannot merge
 * @see https://docs.github.com/webhooks/webhook-events-and-payloads#merge_group
 */
export async function queuePull(world: World, repository: Repository, actor: Actor, pull: PullRecord): Promise<string> {
  const sha = await repository.refs.get(`refs/pull/${pull.number}/merge`);
  const commit = sha === undefined ? undefined : await repository.history.commit(sha);
  if (pull.state !== 'open' || commit === undefined) {
    throw new Refusal(405, 'Pull Request is not mergeable');
  }
  const base = commit.parents[0] ?? pull.baseOid;
  const name = `refs/heads/gh-readonly-queue/${pull.baseRef}/pr-${pull.number}-${base}`;
  await updateRefs(world, repository, actor, [{ name, to: commit.oid }]);
  const group = {
    head_sha: commit.oid,
    head_ref: name,
    base_sha: base,
    base_ref: `refs/heads/${pull.baseRef}`,
    head_commit: commitView(world, repository, commit),
  };
  const about = { name: 'merge_group', action: 'checks_requested', ref: name, sha: commit.oid };
  await announce(world, repository, actor, { ...about, payload: { merge_group: group } });
  return name;
}
