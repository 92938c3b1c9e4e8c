import { announcePull } from '../events/pull.js';
import { pullCommits } from '../views/pull.js';
import type { Caller } from './accounts.js';
import { bringCommits, headLabel, headRepositoryOf } from './forks.js';
import { closePull, writePullRefs } from './pull-follow.js';
import type { PullRecord } from './records.js';
import { custom, invalid, notFound, Refusal } from './refusal.js';
import type { Repository } from './repository.js';
import { allows, demandWrite, type World } from './world.js';

export interface NewPull {
  title: string;
  body: string | null;
  /** Branch, or `owner:branch` of a fork. */
  head: string;
  /** Where the head branch is, when `head` does not say it. */
  headRepository?: Repository;
  base: string;
  draft: boolean;
  maintainerCanModify: boolean;
}

/**
 * Opens a pull request.
 *
 * @throws Refusal 422 with GitHub's message: no such branch, no commits between the two, or one is open already
 */
export async function openPull(
  world: World,
  repository: Repository,
  caller: Caller,
  input: NewPull,
): Promise<PullRecord> {
  const from = headOf(world, repository, input);
  demandMayOpen(repository, from.headRepository, caller);
  const { head, base } = await checkBranches(repository, from, input.base);
  world.usage.create(caller);
  const now = world.now();
  const pull: PullRecord = {
    id: world.nextId(),
    number: repository.nextNumber(),
    title: input.title,
    body: input.body,
    author: caller.account,
    state: 'open',
    draft: input.draft,
    ...from,
    headOid: head,
    baseRef: input.base,
    baseOid: base,
    labels: [],
    labelEvents: [],
    assignees: [],
    reviews: [],
    requestedReviewers: [],
    requestedTeams: [],
    locked: false,
    maintainerCanModify: input.maintainerCanModify,
    createdAt: now,
    updatedAt: now,
    closedAt: undefined,
    closedBy: undefined,
    mergedAt: undefined,
    mergedBy: undefined,
    mergeCommit: undefined,
    autoMerge: undefined,
    settling: 0,
    queued: undefined,
    queueEvents: [],
    baseChanges: [],
    reopenings: [],
    dismissals: [],
    forcePushes: [],
  };
  repository.pulls.set(pull.number, pull);
  await writePullRefs(world, repository, pull);
  await announcePull(world, repository, caller, pull, 'opened');
  return pull;
}

/** The tips of two branches between which a pull request may be opened. */
async function checkBranches(repository: Repository, from: Head, baseRef: string) {
  const { headRepository, headRef } = from;
  const base = await repository.branch(baseRef);
  const head = await headRepository.branch(headRef);
  if (base === undefined) {
    throw new Refusal(422, 'Validation Failed', {
      graphqlMessage: "Base sha can't be blank, Base ref must be a branch",
      errors: [{ resource: 'PullRequest', field: 'base', code: 'invalid' }],
    });
  }
  if (head === undefined) {
    throw new Refusal(422, 'Validation Failed', {
      graphqlMessage: `Head sha can't be blank, Base sha can't be blank, No commits between ${baseRef} and ${headRef}, Head ref must be a branch`,
      errors: [{ resource: 'PullRequest', field: 'head', code: 'invalid' }],
    });
  }
  await bringCommits(repository, headRepository, headRef);
  if (await repository.history.isAncestor(head, base)) {
    throw custom('PullRequest', `No commits between ${baseRef} and ${headRef}`);
  }
  if (openPullOf(repository, from, baseRef) !== undefined) {
    throw custom('PullRequest', `A pull request already exists for ${headLabel(from)}.`);
  }
  return { head, base };
}

function openPullOf(repository: Repository, { headRepository, headRef }: Head, baseRef: string) {
  return [...repository.pulls.values()].find(
    (pull) =>
      pull.state === 'open' &&
      pull.headRepository === headRepository &&
      pull.headRef === headRef &&
      pull.baseRef === baseRef,
  );
}

export interface PullChange {
  title?: string | undefined;
  body?: string | null | undefined;
  base?: string | undefined;
  state?: 'open' | 'closed' | undefined;
}

/** Changes title, body, base or state. @throws Refusal for what GitHub does not allow */
export async function changePull(
  world: World,
  repository: Repository,
  caller: Caller,
  pull: PullRecord,
  change: PullChange,
): Promise<void> {
  const before = { title: pull.title, body: pull.body, baseRef: pull.baseRef, baseOid: pull.baseOid };
  pull.title = change.title ?? pull.title;
  pull.body = change.body === undefined ? pull.body : change.body;
  if (change.base !== undefined && change.base !== pull.baseRef) {
    await changeBase(world, repository, pull, change.base);
    const [from, to] = [before.baseRef, pull.baseRef];
    pull.baseChanges.push({ id: world.nextId(), from, to, actor: caller.account, createdAt: world.now() });
  }
  pull.updatedAt = world.now();
  const moved = before.baseRef !== pull.baseRef;
  if (before.title !== pull.title || before.body !== pull.body || moved) {
    const changes = {
      ...(moved ? { base: { ref: { from: before.baseRef }, sha: { from: before.baseOid } } } : {}),
      ...(before.title === pull.title ? {} : { title: { from: before.title } }),
      ...(before.body === pull.body ? {} : { body: { from: before.body } }),
    };
    await announcePull(world, repository, caller, pull, 'edited', { changes });
  }
  if (change.state === 'closed' && pull.state === 'open') {
    await closePull(world, repository, caller, pull);
  } else if (change.state === 'open' && pull.state === 'closed') {
    await reopenPull(world, repository, caller, pull);
  }
}

async function changeBase(world: World, repository: Repository, pull: PullRecord, baseRef: string): Promise<void> {
  const base = await repository.branch(baseRef);
  if (base === undefined) {
    throw invalid('PullRequest', 'base', 'invalid');
  }
  pull.baseRef = baseRef;
  pull.baseOid = base;
  await writePullRefs(world, repository, pull);
}

/** Opens a closed pull request again. @throws Refusal when it is merged, its branch is gone or another one is open */
export async function reopenPull(
  world: World,
  repository: Repository,
  caller: Caller,
  pull: PullRecord,
): Promise<void> {
  if (pull.state === 'open') {
    throw new Refusal(422, 'Pull request is already open', { graphqlMessage: 'Pull request is already open' });
  }
  const head = await pull.headRepository.branch(pull.headRef);
  const base = await repository.branch(pull.baseRef);
  const reason = await reopenRefusal(repository, pull, head, base);
  if (reason !== undefined || head === undefined || base === undefined) {
    throw new Refusal(422, 'Validation Failed', {
      graphqlMessage: `Could not open the pull request: ${reason ?? 'the branch is gone'}`,
      errors: [
        { resource: 'PullRequest', code: 'invalid', field: 'state', message: `state cannot be changed. ${reason}` },
      ],
    });
  }
  pull.reopenings.push({ id: world.nextId(), actor: caller.account, createdAt: world.now() });
  pull.state = 'open';
  pull.closedAt = undefined;
  pull.closedBy = undefined;
  pull.headOid = head;
  pull.baseOid = base;
  pull.updatedAt = world.now();
  await writePullRefs(world, repository, pull);
  await announcePull(world, repository, caller, pull, 'reopened');
}

/** @returns GitHub's sentence for why the pull request cannot be opened again; `undefined` when it can */
async function reopenRefusal(
  repository: Repository,
  pull: PullRecord,
  head: string | undefined,
  base: string | undefined,
): Promise<string | undefined> {
  if (pull.mergedAt !== undefined) {
    return 'The pull request is merged.';
  }
  if (head === undefined || base === undefined) {
    return `The ${pull.headRef} branch has been deleted.`;
  }
  if (openPullOf(repository, pull, pull.baseRef) !== undefined) {
    return `There is already an open pull request from ${pull.headRef} to ${pull.baseRef}.`;
  }
  await bringCommits(repository, pull.headRepository, pull.headRef);
  if (await repository.history.isAncestor(head, base)) {
    return `There are no new commits on the ${pull.headRef} branch.`;
  }
  return (await repository.history.isAncestor(pull.headOid, head))
    ? undefined
    : `The ${pull.headRef} branch was force-pushed or recreated.`;
}

/** Pull requests that a commit is part of, or that brought it to their base: a rebase makes several commits there. */
export async function pullsOfCommit(repository: Repository, oid: string): Promise<PullRecord[]> {
  const found: PullRecord[] = [];
  for (const pull of repository.pulls.values()) {
    if ((await pullCommits(repository, pull)).includes(oid) || (await broughtBy(repository, pull)).includes(oid)) {
      found.push(pull);
    }
  }
  return found;
}

/** The commits that the merge of a pull request added to its base. */
async function broughtBy(repository: Repository, { mergeCommit, baseOid }: PullRecord): Promise<readonly string[]> {
  return mergeCommit === undefined ? [] : repository.history.list([mergeCommit, `^${baseOid}`]);
}

/** A pull request by its number. @throws Refusal 404 */
export function pullByNumber(repository: Repository, number: number): PullRecord {
  const pull = repository.pulls.get(number);
  if (pull === undefined) {
    throw notFound(`Could not resolve to a PullRequest with the number of ${number}.`);
  }
  return pull;
}

type Head = Pick<PullRecord, 'headRepository' | 'headRef'>;

function headOf(world: World, repository: Repository, { head, headRepository }: NewPull): Head {
  const [owner = '', branch] = head.includes(':') ? head.split(':') : [repository.owner.login, head];
  const found = headRepository ?? headRepositoryOf(world, repository, owner);
  if (found === undefined || (found !== repository && found.parent !== repository)) {
    throw invalid('PullRequest', 'head', 'invalid');
  }
  return { headRepository: found, headRef: branch ?? head };
}

/**
 * Checks that the caller may open a pull request: it may write pull requests here, or push to the fork.
 * Rule: https://docs.github.com/rest/pulls/pulls#create-a-pull-request
 */
function demandMayOpen(repository: Repository, head: Repository, caller: Caller): void {
  if (head === repository || !allows(caller, head, ['contents'], 'write')) {
    demandWrite(caller, repository, ['pull_requests']);
  } else if (repository.settings.archived) {
    throw new Refusal(403, 'Repository was archived so is read-only.');
  }
}
