import * as v from 'valibot';
import { type GraphqlError, isStale } from '../../github/graphql-error.js';
import type { Mutation, MutationResults } from '../../github/mutations.js';
import { plain } from '../../report/markdown.js';
import type { RepositoryState } from '../repository/repository-state.js';
import type { Change } from '../tree/change.js';
import { commitMutation, committedOid } from '../tree/commit-mutation.js';
import type { Refusal } from './github-refusal.js';
import { CLOSED_BY_US } from './next-step.js';
import { type PullRequestName, scratchOf, type Work } from './work.js';

/** What a work's mutations came to. */
export type Written =
  | {
      state: 'done';
      pullRequest: PullRequestName;
      headOid: string;
      created: boolean;
      changed: boolean;
      /** What moved while it was written, empty where nothing did. */
      moved: string;
    }
  /** Built on the scratch branch: the branch is still to be moved to `headOid`. */
  | { state: 'built'; pullRequest: PullRequestName; headOid: string }
  /** Something moved meanwhile: look again and decide again. */
  | { state: 'stale'; error: GraphqlError }
  | ({ state: 'failed' } & Refusal);

export const NO_OID = '0'.repeat(40);

/** Where works are written. */
interface WriteTarget {
  repo: RepositoryState;
  /** See `WriteContext`. */
  bases: ReadonlySet<string>;
  /** `owner/name`. */
  repository: string;
}

/**
 * The mutations of one work, in order; each is harmless where those before it failed.
 *
 * @param id unique prefix of the aliases in the document
 */
export function mutationsFor(id: string, work: Work, target: WriteTarget): Mutation[] {
  const { repo, repository } = target;
  const { step, branch, branchOid, open, title, body } = work;
  const commitOn = (branchName: string, expectedHeadOid: string, change: Change | undefined) =>
    change === undefined
      ? []
      : [commitMutation(`${id}_commit`, { repository, branch: branchName, expectedHeadOid }, change, work.message)];
  const create = () => createPullRequest(`${id}_pr`, repo, branch, title, body);
  const update = (pullRequestId: string) => updatePullRequest(`${id}_pr`, pullRequestId, { title, body });
  switch (step.do) {
    case 'open':
      return [
        step.leftover === undefined
          ? createRef(`${id}_ref`, repo, branch)
          : moveRef(`${id}_ref`, repo, branch, step.leftover, repo.baseOid),
        ...commitOn(branch, repo.baseOid, work.change),
        create(),
      ];
    case 'append':
      return [
        ...(branchOid === undefined ? [] : commitOn(branch, branchOid, work.onTop)),
        open === undefined ? create() : update(open.id),
      ];
    case 'rebuild':
      return [
        moveRef(`${id}_ref`, repo, scratchOf(branch), undefined, repo.baseOid),
        ...commitOn(scratchOf(branch), repo.baseOid, work.change),
      ];
    case 'keep':
      return work.textStays || open === undefined ? [] : [update(open.id)];
    case 'close':
      return open === undefined ? [] : closing(id, work, repo, open.id, `Closed: ${plain(step.reason)}.`);
    case 'nothing':
      return [];
  }
}

/** Closes in one step with the mark that we did it; the branch goes when nobody else has commits on it. */
function closing(id: string, work: Work, repo: RepositoryState, pullRequestId: string, comment: string): Mutation[] {
  const { open, branchOid, branch } = work;
  const onlyOurs = open?.headOid === branchOid && open?.commits.every((commit) => work.isOurs(commit));
  return [
    updatePullRequest(`${id}_pr`, pullRequestId, { state: 'CLOSED', body: `${open?.body ?? ''}\n\n${CLOSED_BY_US}` }),
    {
      alias: `${id}_note`,
      name: 'addComment',
      input: { subjectId: pullRequestId, body: comment },
      select: 'clientMutationId',
    },
    ...(branchOid !== undefined && onlyOurs === true ? [moveRef(`${id}_gone`, repo, branch, branchOid, NO_OID)] : []),
  ];
}

const pullRequestSchema = v.object({
  pullRequest: v.nullable(
    v.object({
      id: v.string(),
      number: v.number(),
      url: v.string(),
      headRef: v.nullable(v.object({ target: v.nullable(v.object({ oid: v.string() })) })),
      baseRef: v.nullable(v.object({ target: v.nullable(v.object({ oid: v.string() })) })),
    }),
  ),
});

/** The branch itself tells where it is: a pull request records that up to ten seconds later. */
const PULL_REQUEST = 'pullRequest { id number url headRef { target { oid } } baseRef { target { oid } } }';

/**
 * What moved between the snapshot and the moment a pull request's text was written. A newer release may have been merged, so
 * that this one would go backwards, or come to the branch, so that the text is no longer about what is there.
 *
 * @returns a reason to look again, empty where there is none
 */
export function movedMeanwhile(
  results: MutationResults,
  alias: string,
  headOid: string,
  { repo, bases }: Pick<WriteTarget, 'repo' | 'bases'>,
): string {
  const written = results.payload(alias, pullRequestSchema)?.pullRequest ?? undefined;
  if (written === undefined) {
    return '';
  }
  const base = written.baseRef?.target?.oid ?? repo.baseOid;
  const head = written.headRef?.target?.oid;
  if (head !== undefined && head !== headOid) {
    return 'its branch moved while the text was written';
  }
  return bases.has(base) ? '' : `${repo.base} moved while it was written`;
}

/** Reads what became of a work's mutations. */
export function readWritten(
  id: string,
  { step, branch, branchOid, open }: Work,
  results: MutationResults,
  target: WriteTarget,
): Written | undefined {
  if (step.do === 'nothing') {
    return undefined;
  }
  const failure = firstFailure(id, results, branch, target.repo.base);
  if (failure !== undefined) {
    return failure;
  }
  const made = results.payload(`${id}_pr`, pullRequestSchema)?.pullRequest ?? undefined;
  const pullRequest = made ?? open;
  const headOid = committedOid(results, `${id}_commit`) ?? branchOid;
  if (pullRequest === undefined || headOid === undefined) {
    throw new Error(`GitHub gave no answer about the pull request of ${branch}.`);
  }
  if (step.do === 'rebuild') {
    return { state: 'built', pullRequest, headOid };
  }
  const created = open === undefined;
  const moved = movedMeanwhile(results, `${id}_pr`, headOid, target);
  return { state: 'done', pullRequest, headOid, created, changed: step.do !== 'keep' || made !== undefined, moved };
}

function firstFailure(id: string, results: MutationResults, branch: string, base: string): Written | undefined {
  const parts: [string, string, string][] = [
    ['ref', `create the branch ${branch}`, 'contents: write'],
    ['commit', `commit to the branch ${branch}`, 'contents: write'],
    ['pr', `write the pull request from ${branch} into ${base}`, 'pull-requests: write'],
  ];
  for (const [part, doing, permission] of parts) {
    const error = results.error(`${id}_${part}`);
    if (error !== undefined) {
      // The branch was there a moment ago: it was merged and deleted meanwhile.
      const isGone = part === 'commit' && error.type === 'NOT_FOUND';
      return isGone || isStale(error) ? { state: 'stale', error } : { state: 'failed', error, doing, permission };
    }
  }
  return undefined;
}

function createRef(alias: string, { repositoryId, baseOid }: RepositoryState, branch: string): Mutation {
  const input = { repositoryId, name: `refs/heads/${branch}`, oid: baseOid };
  return { alias, name: 'createRef', input, select: 'ref { id }' };
}

/**
 * Moves a branch with its old commit as the lease; `NO_OID` deletes it.
 *
 * @see https://docs.github.com/graphql/reference/mutations#updaterefs
 */
export function moveRef(
  alias: string,
  { repositoryId }: RepositoryState,
  branch: string,
  beforeOid: string | undefined,
  afterOid: string,
): Mutation {
  const lease = beforeOid === undefined ? {} : { beforeOid };
  const update = { name: `refs/heads/${branch}`, ...lease, afterOid, force: true };
  return { alias, name: 'updateRefs', input: { repositoryId, refUpdates: [update] }, select: 'clientMutationId' };
}

function createPullRequest(
  alias: string,
  { repositoryId, base }: RepositoryState,
  branch: string,
  title: string,
  body: string,
): Mutation {
  const input = { repositoryId, baseRefName: base, headRefName: branch, title, body };
  return { alias, name: 'createPullRequest', input, select: PULL_REQUEST };
}

export function updatePullRequest(alias: string, pullRequestId: string, fields: Record<string, string>): Mutation {
  return { alias, name: 'updatePullRequest', input: { pullRequestId, ...fields }, select: PULL_REQUEST };
}
