import { announcePull } from '../events/pull.js';
import { formatCommit } from '../git/commit.js';
import type { RefUpdate } from '../git/ref-files.js';
import { dismissStale } from './conversation.js';
import { bringCommits, openPullsFrom } from './forks.js';
import { signatureOf } from './identity.js';
import type { PullRecord } from './records.js';
import type { Actor, RefChange } from './ref-change.js';
import type { Repository } from './repository.js';
import type { World } from './world.js';

/**
 * Updates the open pull requests whose head branch moved, here or in the parent of a fork: new commits are recorded, at
 * once or a few requests later; a deleted branch, or one without commits of its own, closes them.
 */
export async function followHead(world: World, head: Repository, actor: Actor, change: RefChange) {
  const branch = change.name.slice('refs/heads/'.length);
  for (const { repository, pull } of openPullsFrom(world, head, branch)) {
    if (change.after === undefined) {
      await closePull(world, repository, actor, pull);
      continue;
    }
    await bringCommits(repository, head, branch);
    const requests = world.delays.head();
    if (requests === 0) {
      await recordHead(world, { repository, head, branch, actor }, pull);
    } else {
      world.later(requests, async () => {
        await recordHead(world, { repository, head, branch, actor }, pull);
        await world.afterChange(repository);
      });
    }
  }
}

/** Records the commit that the branch of a pull request is at by now. */
async function recordHead(
  world: World,
  { repository, head, branch, actor }: { repository: Repository; head: Repository; branch: string; actor: Actor },
  pull: PullRecord,
): Promise<void> {
  const [before, after] = [pull.headOid, await head.branch(branch)];
  if (pull.state !== 'open' || after === undefined || after === before) {
    return;
  }
  if (!(await repository.history.isAncestor(before, after))) {
    pull.forcePushes.push({ id: world.nextId(), before, after, actor: actor.account, createdAt: world.now() });
  }
  pull.headOid = after;
  if (pull.queued !== undefined) {
    await repository.refs.update([{ name: pull.queued.group, to: null }]);
    pull.queued = undefined;
  }
  pull.updatedAt = world.now();
  const base = (await repository.branch(pull.baseRef)) ?? pull.baseOid;
  pull.baseOid = base;
  await writePullRefs(world, repository, pull);
  await dismissStale(world, repository, actor, pull);
  settle(world, repository, [pull]);
  if (await repository.history.isAncestor(after, base)) {
    // GitHub closes a pull request when its head has no commit that its base lacks.
    await closePull(world, repository, actor, pull);
  } else {
    await announcePull(world, repository, actor, pull, 'synchronize', { before, after });
  }
  if (repository !== head) {
    await world.afterChange(repository);
  }
}

/** Updates the open pull requests whose base branch moved: merged when it now holds their head, closed when deleted. */
export async function followBase(world: World, repository: Repository, actor: Actor, change: RefChange) {
  const branch = change.name.slice('refs/heads/'.length);
  const pulls = openPulls(repository).filter(({ baseRef }) => baseRef === branch);
  if (pulls.length === 0) {
    return;
  }
  if (change.after === undefined) {
    for (const pull of pulls) {
      await closePull(world, repository, actor, pull);
    }
    return;
  }
  const since = change.before === undefined ? [] : [`^${change.before}`];
  const arrived = new Set(await repository.history.list([change.after, ...since]));
  settle(world, repository, pulls);
  for (const pull of pulls.filter(({ headOid }) => arrived.has(headOid))) {
    pull.baseOid = change.before ?? pull.baseOid;
    await markMerged(world, repository, actor, pull, pull.headOid);
  }
}

/** Keeps pull requests from being merged for some requests, while GitHub works out whether they can be. */
function settle(world: World, repository: Repository, pulls: readonly PullRecord[]): void {
  for (const pull of pulls) {
    const requests = world.delays.merge();
    if (requests > 0) {
      pull.settling += 1;
      world.later(requests, async () => {
        pull.settling -= 1;
        await world.afterChange(repository);
      });
    }
  }
}

/** Marks a pull request as merged and emits `closed`. */
export async function markMerged(world: World, repository: Repository, actor: Actor, pull: PullRecord, commit: string) {
  pull.mergedAt = world.now();
  pull.mergedBy = actor.account;
  pull.mergeCommit = commit;
  await closePull(world, repository, actor, pull);
}

/** Closes a pull request and emits `closed`. Its refs stay, for workflows that run on that event. */
export async function closePull(world: World, repository: Repository, actor: Actor, pull: PullRecord) {
  pull.state = 'closed';
  pull.closedAt = world.now();
  pull.closedBy = actor.account;
  pull.updatedAt = pull.closedAt;
  pull.autoMerge = undefined;
  pull.queued = undefined;
  await announcePull(world, repository, actor, pull, 'closed');
}

/** Sets `refs/pull/<n>/head`, and `…/merge` to the test merge that `pull_request` workflows check out, if there is one. */
export async function writePullRefs(world: World, repository: Repository, pull: PullRecord) {
  const prefix = `refs/pull/${pull.number}`;
  const updates: RefUpdate[] = [{ name: `${prefix}/head`, to: pull.headOid }];
  const merge = await testMerge(world, repository, pull);
  if (merge !== undefined) {
    updates.push({ name: `${prefix}/merge`, to: merge });
  } else if ((await repository.refs.get(`${prefix}/merge`)) !== undefined) {
    updates.push({ name: `${prefix}/merge`, to: null });
  }
  await repository.refs.update(updates);
}

async function testMerge(world: World, repository: Repository, pull: PullRecord): Promise<string | undefined> {
  const { behind } = await repository.history.divergence(pull.baseOid, pull.headOid);
  const head = await repository.history.commit(pull.headOid);
  const tree = behind === 0 ? head?.tree : await repository.history.mergeTree(pull.baseOid, pull.headOid);
  if (tree === null || tree === undefined) {
    return undefined;
  }
  const signature = signatureOf(world, pull.author);
  const commit = formatCommit({
    tree,
    parents: [pull.baseOid, pull.headOid],
    author: signature,
    committer: signature,
    message: `Merge ${pull.headOid} into ${pull.baseOid}`,
  });
  return repository.objects.write('commit', commit);
}

function openPulls(repository: Repository): PullRecord[] {
  return [...repository.pulls.values()].filter(({ state }) => state === 'open');
}
