import { fullPullView } from '../views/pull.js';
import { repositoryView } from '../views/repository.js';
import { userView } from '../views/user.js';
import type { PullRecord } from '../world/records.js';
import type { Actor } from '../world/ref-change.js';
import type { Repository } from '../world/repository.js';
import type { World } from '../world/world.js';

/**
 * Emits a `pull_request` event, or another one about a pull request.
 *
 * @param extra what the action adds to the payload, for example the `label` of `labeled`
 */
export async function announcePull(
  world: World,
  repository: Repository,
  actor: Actor,
  pull: PullRecord,
  action: string,
  extra: Record<string, unknown> = {},
  name = 'pull_request',
): Promise<void> {
  if (!world.hasListeners) {
    return;
  }
  const merged = pull.mergedAt !== undefined;
  const merge = await repository.refs.get(`refs/pull/${pull.number}/merge`);
  world.emit({
    name,
    action,
    repository: repository.fullName,
    ref: merged ? `refs/heads/${pull.baseRef}` : `refs/pull/${pull.number}/merge`,
    sha: (merged ? pull.mergeCommit : merge) ?? pull.headOid,
    actor: actor.account.login,
    startsWorkflows: actor.startsWorkflows,
    payload: {
      action,
      number: pull.number,
      pull_request: await fullPullView(world, repository, pull),
      repository: repositoryView(world, repository),
      sender: userView(world, actor.account),
      ...extra,
    },
  });
}
