import { repositoryView } from '../views/repository.js';
import { userView } from '../views/user.js';
import type { Actor } from '../world/ref-change.js';
import type { Repository } from '../world/repository.js';
import type { World } from '../world/world.js';

export interface Announcement {
  name: string;
  action?: string;
  ref?: string;
  sha?: string;
  /** Starts workflows although a `GITHUB_TOKEN` did it: dispatches. */
  always?: boolean;
  /** The run of a workflow that was requested by it, where whoever asked is told. */
  run?: number;
  payload: Record<string, unknown>;
}

/** Emits an event, with `repository` and `sender` added to its payload. Without `ref` it is about the default branch. */
export async function announce(world: World, repository: Repository, actor: Actor, what: Announcement): Promise<void> {
  if (!world.hasListeners) {
    return;
  }
  const ref = what.ref ?? `refs/heads/${repository.defaultBranch}`;
  const sha = what.sha ?? (await repository.refs.get(ref));
  world.emit({
    name: what.name,
    repository: repository.fullName,
    actor: actor.account.login,
    startsWorkflows: actor.startsWorkflows || what.always === true,
    ref,
    ...(sha === undefined ? {} : { sha }),
    ...(what.action === undefined ? {} : { action: what.action }),
    ...(what.run === undefined ? {} : { run: what.run }),
    payload: {
      ...(what.action === undefined ? {} : { action: what.action }),
      ...what.payload,
      repository: repositoryView(world, repository),
      sender: userView(world, actor.account),
    },
  });
}
