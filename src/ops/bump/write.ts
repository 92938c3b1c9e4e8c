import * as v from 'valibot';
import type { GraphqlError } from '../../github/graphql-error.js';
import type { Mutation, MutationResults } from '../../github/mutations.js';
import type { CommitMessage } from '../change.js';
import { commitMutation, committedOid } from '../commit.js';
import { blockKey } from '../pull-request/block.js';
import { CLOSED_BY_US, isOurs, type Step } from '../pull-request/lifecycle.js';
import { compareVersions } from '../version.js';
import type { Opening } from './opening.js';
import { keyOf, type Survey, scratchOf, titleOf } from './unit.js';

/** A unit with the step that was decided for it and the words for it. */
export interface Work {
  survey: Survey;
  step: Step;
  message: CommitMessage;
  /** The pull request's text. */
  body: string;
}

/** What a unit's mutations came to. */
export type Written =
  | {
      state: 'done';
      pullRequest: { id: string; number: number; url: string };
      headOid: string;
      created: boolean;
      changed: boolean;
    }
  /** Built on the scratch branch: the branch is still to be moved to `headOid`. */
  | { state: 'built'; pullRequest: { id: string; number: number; url: string }; headOid: string }
  /** Something moved meanwhile: look again and decide again. */
  | { state: 'stale'; error: GraphqlError }
  | { state: 'failed'; error: GraphqlError; doing: string; permission: string };

export const NO_OID = '0'.repeat(40);

interface Place {
  opening: Opening;
  /** `owner/name`. */
  repository: string;
}

/**
 * The mutations of one unit, in order; each is harmless where those before it failed.
 *
 * @param id unique prefix of the aliases in the document
 */
export function mutationsFor(id: string, { survey, step, message, body }: Work, place: Place): Mutation[] {
  const { opening } = place;
  const { unit, open } = survey;
  const commitOn = (branch: string, oid: string, plan = survey.plan) =>
    plan === undefined
      ? []
      : [
          commitMutation(
            `${id}_commit`,
            { repository: place.repository, branch, expectedHeadOid: oid },
            plan.change,
            message,
          ),
        ];
  const create = () => createPullRequest(`${id}_pr`, opening, unit.branch, titleOf(unit), body);
  switch (step.do) {
    case 'open':
      return [
        step.leftover === undefined
          ? createRef(`${id}_ref`, opening, unit.branch)
          : moveRef(`${id}_ref`, opening, unit.branch, step.leftover, opening.baseOid),
        ...commitOn(unit.branch, opening.baseOid),
        create(),
      ];
    case 'append':
      return [
        ...(survey.branch?.plan?.standing === 'change'
          ? commitOn(unit.branch, survey.branch.commit.oid, survey.branch.plan)
          : []),
        open === undefined ? create() : updatePullRequest(`${id}_pr`, open.id, { title: titleOf(unit), body }),
      ];
    case 'rebuild':
      return [
        moveRef(`${id}_ref`, opening, scratchOf(unit), undefined, opening.baseOid),
        ...commitOn(scratchOf(unit), opening.baseOid),
      ];
    case 'keep': {
      // A text about a newer version is another run's, whose commit is on its way.
      const stated = blockKey(open?.body ?? '') ?? '';
      const isNewer = compareVersions({ tag: unit.target.version }, { tag: stated.split(' ')[0] }) === 'newer';
      const upToDate = stated === keyOf(unit) && open?.title === titleOf(unit);
      return isNewer || upToDate || open === undefined
        ? []
        : [updatePullRequest(`${id}_pr`, open.id, { title: titleOf(unit), body })];
    }
    case 'close':
      return open === undefined ? [] : closing(id, survey, opening, open.id, `Closed: ${step.reason}.`);
    case 'nothing':
      return [];
  }
}

/** Closes in one step with the mark that we did it; the branch goes when nobody else has commits on it. */
function closing(id: string, survey: Survey, opening: Opening, pullRequestId: string, comment: string): Mutation[] {
  const { open, branch, unit } = survey;
  const onlyOurs = open?.commits.every((commit) =>
    isOurs(commit, { environment: unit.environment, app: unit.target.app }),
  );
  return [
    updatePullRequest(`${id}_pr`, pullRequestId, { state: 'CLOSED', body: `${open?.body ?? ''}\n\n${CLOSED_BY_US}` }),
    {
      alias: `${id}_note`,
      name: 'addComment',
      input: { subjectId: pullRequestId, body: comment },
      select: 'clientMutationId',
    },
    ...(branch !== undefined && onlyOurs === true
      ? [moveRef(`${id}_gone`, opening, unit.branch, branch.commit.oid, NO_OID)]
      : []),
  ];
}

const pullRequestSchema = v.object({
  pullRequest: v.nullable(v.object({ id: v.string(), number: v.number(), url: v.string() })),
});

/** Reads what became of a unit's mutations. */
export function readWritten(
  id: string,
  { survey, step }: Work,
  results: MutationResults,
  place: Place,
): Written | undefined {
  if (step.do === 'nothing') {
    return undefined;
  }
  const failure = firstFailure(id, results, survey.unit.branch, place.opening.base);
  if (failure !== undefined) {
    return failure;
  }
  const made = results.payload(`${id}_pr`, pullRequestSchema)?.pullRequest ?? undefined;
  const pullRequest = made ?? survey.open;
  const headOid = committedOid(results, `${id}_commit`) ?? survey.branch?.commit.oid;
  if (pullRequest === undefined || headOid === undefined) {
    throw new Error(`GitHub gave no answer about the pull request of ${survey.unit.branch}.`);
  }
  if (step.do === 'rebuild') {
    return { state: 'built', pullRequest, headOid };
  }
  const created = survey.open === undefined;
  return { state: 'done', pullRequest, headOid, created, changed: step.do !== 'keep' || made !== undefined };
}

function firstFailure(id: string, results: MutationResults, branch: string, base: string): Written | undefined {
  const parts: [string, string, string][] = [
    ['ref', `create the branch ${branch}`, 'contents: write'],
    ['commit', `commit to the branch ${branch}`, 'contents: write'],
    ['pr', `write the pull request from ${branch} into ${base}`, 'pull_requests: write'],
  ];
  for (const [part, doing, permission] of parts) {
    const error = results.error(`${id}_${part}`);
    if (error !== undefined) {
      return isStale(error) ? { state: 'stale', error } : { state: 'failed', error, doing, permission };
    }
  }
  return undefined;
}

/**
 * Whether a mutation failed because another run or a person was faster. GitHub gives such failures different types and
 * only `STALE_DATA` says it plainly, so the words count too.
 */
export function isStale({ type, message }: GraphqlError): boolean {
  return (
    type === 'STALE_DATA' ||
    /already exists|pull and try again|no commits between|reference (does not exist|update failed|cannot be updated)|but expected|head sha can't be blank/i.test(
      message,
    )
  );
}

function createRef(alias: string, { repositoryId, baseOid }: Opening, branch: string): Mutation {
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
  { repositoryId }: Opening,
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
  { repositoryId, base }: Opening,
  branch: string,
  title: string,
  body: string,
): Mutation {
  const input = { repositoryId, baseRefName: base, headRefName: branch, title, body };
  return { alias, name: 'createPullRequest', input, select: 'pullRequest { id number url }' };
}

export function updatePullRequest(alias: string, pullRequestId: string, fields: Record<string, string>): Mutation {
  const select = 'pullRequest { id number url }';
  return { alias, name: 'updatePullRequest', input: { pullRequestId, ...fields }, select };
}
