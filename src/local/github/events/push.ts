import type { Commit } from '../git/commit.js';
import { accountOf } from '../views/git.js';
import { pageUrlOf, repositoryView } from '../views/repository.js';
import { timestamp } from '../views/timestamp.js';
import { userView } from '../views/user.js';
import type { Actor, RefChange } from '../world/ref-change.js';
import type { Repository } from '../world/repository.js';
import type { World } from '../world/world.js';

const zero = '0'.repeat(40);
/** GitHub lists at most this many commits in a push. */
const listed = 20;

/**
 * Emits what GitHub sends for a branch or tag that is created, moved or deleted: `push`, and `create` or `delete`.
 * Payloads: https://docs.github.com/webhooks/webhook-events-and-payloads#push
 */
export async function announceRefChange(world: World, repository: Repository, actor: Actor, change: RefChange) {
  const kind = change.name.startsWith('refs/heads/') ? 'branch' : 'tag';
  if (!world.hasListeners || !/^refs\/(heads|tags)\//.test(change.name)) {
    return;
  }
  const common = { repository: repositoryView(world, repository), sender: userView(world, actor.account) };
  const about = {
    repository: repository.fullName,
    ref: change.name,
    actor: actor.account.login,
    startsWorkflows: actor.startsWorkflows,
  };
  const commit = change.after === undefined ? undefined : await repository.history.commit(change.after);
  const sha = commit?.oid ?? (await repository.branch(repository.defaultBranch));
  const payload = { ...(await pushPayload(world, repository, actor, change, commit)), ...common };
  world.emit({ ...about, name: 'push', ...(sha === undefined ? {} : { sha }), payload });
  if (change.before === undefined || change.after === undefined) {
    const ref = change.name.replace(/^refs\/(heads|tags)\//, '');
    world.emit({
      ...about,
      name: change.after === undefined ? 'delete' : 'create',
      ...(sha === undefined ? {} : { sha }),
      payload: {
        ref,
        ref_type: kind,
        master_branch: repository.defaultBranch,
        description: null,
        pusher_type: 'user',
        ...common,
      },
    });
  }
}

async function pushPayload(
  world: World,
  repository: Repository,
  actor: Actor,
  { name, before, after }: RefChange,
  head: Commit | undefined,
) {
  const page = pageUrlOf(world, repository);
  const moved = before !== undefined && after !== undefined;
  const forced = moved && head !== undefined && !(await repository.history.isAncestor(before, head.oid));
  const commits = moved && head !== undefined ? await newCommits(repository, before, head) : [];
  return {
    ref: name,
    before: before ?? zero,
    after: after ?? zero,
    created: before === undefined,
    deleted: after === undefined,
    forced,
    base_ref: null,
    compare: moved
      ? `${page}/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`
      : `${page}/commit/${(after ?? before ?? zero).slice(0, 12)}`,
    commits: commits.map((commit) => pushedCommit(world, repository, commit)),
    head_commit: head === undefined ? null : pushedCommit(world, repository, head),
    pusher: { name: actor.account.login, email: null },
  };
}

async function newCommits(repository: Repository, before: string, head: Commit): Promise<Commit[]> {
  if (head.parents.length === 1 && head.parents[0] === before) {
    return [head];
  }
  const range = ['--topo-order', '--reverse', `--max-count=${listed}`, head.oid, `^${before}`];
  const commits: Commit[] = [];
  for (const oid of await repository.history.list(range)) {
    const commit = await repository.history.commit(oid);
    commits.push(...(commit === undefined ? [] : [commit]));
  }
  return commits;
}

function pushedCommit(world: World, repository: Repository, commit: Commit) {
  const person = ({ name, email, date }: Commit['author']) => {
    const username = accountOf(world, { name, email, date, offset: 0 })?.login;
    return { name, email, ...(username === undefined ? {} : { username }) };
  };
  return {
    id: commit.oid,
    tree_id: commit.tree,
    distinct: true,
    message: commit.message.replace(/\n$/, ''),
    timestamp: timestamp(commit.committer.date),
    url: `${pageUrlOf(world, repository)}/commit/${commit.oid}`,
    author: person(commit.author),
    committer: person(commit.committer),
  };
}
