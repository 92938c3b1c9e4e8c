import { type Commit, formatCommit } from '../git/commit.js';
import type { RefUpdate } from '../git/ref-files.js';
import { headLabel, isFromFork } from './forks.js';
import { githubSignature, signatureOf } from './identity.js';
import { mergeState } from './mergeability.js';
import { markMerged } from './pull-follow.js';
import type { MergeMethod, PullRecord } from './records.js';
import type { Actor } from './ref-change.js';
import { followRefChanges, moveRefs } from './ref-changes.js';
import { Refusal } from './refusal.js';
import type { Repository } from './repository.js';
import { branchRules, mayBeDeleted } from './rulesets.js';
import type { World } from './world.js';

export interface MergeRequest {
  method: MergeMethod;
  /** First line of the commit; GitHub's own when undefined. */
  title: string | undefined;
  message: string | undefined;
  /** The head commit the caller looked at. */
  expectedHead: string | undefined;
  /** Whether the merge queue merges, which has checked it by itself. */
  byQueue?: boolean;
}

const notAllowed: Record<MergeMethod, string> = {
  merge: 'Merge commits are not allowed on this repository.',
  squash: 'Squash merges are not allowed on this repository.',
  rebase: 'Rebase merges are not allowed on this repository.',
};

/**
 * Merges a pull request the way the merge button does.
 *
 * @returns id of the base branch's new tip
 * @throws Refusal 405 with GitHub's reason, 409 when the head is not the expected one
 */
export async function mergePull(
  world: World,
  repository: Repository,
  actor: Actor,
  pull: PullRecord,
  request: MergeRequest,
): Promise<string> {
  await checkMergeable(repository, actor, pull, request);
  const base = await commitOf(repository, (await repository.branch(pull.baseRef)) ?? '');
  const head = await commitOf(repository, pull.headOid);
  const tip = await makers[request.method]({ world, repository, actor, pull, request, base, head });
  const updates: RefUpdate[] = [{ name: `refs/heads/${pull.baseRef}`, from: base.oid, to: tip }];
  const deletes =
    repository.settings.deleteBranchOnMerge &&
    !isFromFork(repository, pull) &&
    mayBeDeleted(repository, pull.headRef, actor.account);
  if (deletes && (await repository.branch(pull.headRef)) !== undefined) {
    updates.push({ name: `refs/heads/${pull.headRef}`, to: null });
  }
  const changes = await moveRefs(repository, updates);
  pull.baseOid = base.oid;
  await markMerged(world, repository, actor, pull, tip);
  const by = request.byQueue === true ? 'merge_queue_merge' : 'pr_merge';
  await followRefChanges(world, repository, actor, changes, { ref: `refs/heads/${pull.baseRef}`, by });
  return tip;
}

async function checkMergeable(
  repository: Repository,
  { account }: Actor,
  pull: PullRecord,
  request: MergeRequest,
): Promise<void> {
  if (pull.state !== 'open') {
    throw new Refusal(
      405,
      pull.mergedAt === undefined ? 'Pull Request is not mergeable' : 'Pull Request is already merged',
    );
  }
  const isOther = request.expectedHead !== undefined && request.expectedHead !== pull.headOid;
  if (isOther || (await hasMoved(pull))) {
    throw new Refusal(409, 'Head branch was modified. Review and try the merge again.');
  }
  if (request.byQueue === true) {
    return;
  }
  if (pull.settling > 0) {
    throw new Refusal(405, 'Base branch was modified. Review and try the merge again.');
  }
  const rules = branchRules(repository, pull.baseRef, account);
  const methods = rules?.mergeMethods ?? [request.method];
  if (!repository.settings.mergeMethods.has(request.method) || !methods.includes(request.method)) {
    throw new Refusal(405, notAllowed[request.method]);
  }
  if (rules?.mergeQueue !== undefined) {
    throw new Refusal(405, 'Changes must be made through the merge queue');
  }
  const { reasons } = await mergeState(repository, pull, account);
  if (reasons.length > 0) {
    throw new Refusal(405, reasons.join(' '));
  }
}

/** Whether somebody pushed to the branch of a pull request, which does not show it yet: GitHub merges nothing then. */
export async function hasMoved({ headRepository, headRef, headOid }: PullRecord): Promise<boolean> {
  const tip = await headRepository.branch(headRef);
  return tip !== undefined && tip !== headOid;
}

interface Merge {
  world: World;
  repository: Repository;
  actor: Actor;
  pull: PullRecord;
  request: MergeRequest;
  base: Commit;
  head: Commit;
}

const makers: Record<MergeMethod, (merge: Merge) => Promise<string>> = {
  merge: makeMergeCommit,
  squash: makeSquashCommit,
  rebase: replayCommits,
};

async function makeMergeCommit(merge: Merge): Promise<string> {
  const { world, repository, actor, pull, request, base, head } = merge;
  const title = request.title ?? `Merge pull request #${pull.number} from ${headLabel(pull).replace(':', '/')}`;
  return writeCommit(repository, {
    tree: await mergedTree(merge),
    parents: [base.oid, head.oid],
    author: signatureOf(world, actor.account),
    committer: githubSignature(world),
    message: joinMessage(title, request.message ?? pull.title),
  });
}

/** One commit: its own message. Several: the pull request's title and a list of them. */
async function makeSquashCommit(merge: Merge): Promise<string> {
  const { world, repository, pull, request, base, head } = merge;
  const ids = await repository.history.list(['--topo-order', '--reverse', '--no-merges', head.oid, `^${base.oid}`]);
  const commits = await Promise.all(ids.map((oid) => commitOf(repository, oid)));
  const only = commits.length === 1 ? splitMessage(commits[0]?.message ?? '') : undefined;
  const list = commits.map(({ message }) => `* ${message.trim()}`).join('\n\n');
  return writeCommit(repository, {
    tree: await mergedTree(merge),
    parents: [base.oid],
    author: signatureOf(world, pull.author),
    committer: githubSignature(world),
    message: joinMessage(
      request.title ?? `${only?.title ?? pull.title} (#${pull.number})`,
      request.message ?? only?.body ?? list,
    ),
  });
}

async function replayCommits({ world, repository, base, head }: Merge): Promise<string> {
  const ids = await repository.history.list(['--topo-order', '--reverse', '--no-merges', head.oid, `^${base.oid}`]);
  let tip = base;
  for (const oid of ids) {
    const commit = await commitOf(repository, oid);
    const tree = await repository.history.replayTree(commit, tip);
    if (tree === null) {
      throw new Refusal(405, 'This branch can’t be rebased');
    }
    const { author, message } = commit;
    const replayed = { tree, parents: [tip.oid], author, committer: githubSignature(world), message };
    tip = { ...replayed, oid: await writeCommit(repository, replayed) };
  }
  return tip.oid;
}

async function mergedTree({ repository, base, head }: Merge): Promise<string> {
  const { behind } = await repository.history.divergence(base.oid, head.oid);
  const tree = behind === 0 ? head.tree : await repository.history.mergeTree(base.oid, head.oid);
  if (tree === null) {
    throw new Refusal(405, 'Pull Request is not mergeable');
  }
  return tree;
}

function writeCommit(repository: Repository, commit: Omit<Commit, 'oid'>): Promise<string> {
  return repository.objects.write('commit', formatCommit(commit));
}

async function commitOf(repository: Repository, oid: string): Promise<Commit> {
  const commit = await repository.history.commit(oid);
  if (commit === undefined) {
    throw new Refusal(422, `No commit found for SHA: ${oid}`);
  }
  return commit;
}

function splitMessage(message: string): { title: string; body: string } {
  const [title = '', ...rest] = message.trim().split('\n');
  return { title, body: rest.join('\n').trim() };
}

function joinMessage(title: string, body: string): string {
  return body.trim() === '' ? title : `${title}\n\n${body.trim()}`;
}
