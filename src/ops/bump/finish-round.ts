import type { GraphqlError } from '../../github/graphql-error.js';
import type { Mutation, MutationResults } from '../../github/mutations.js';
import { isOurs } from '../pull-request/lifecycle.js';
import { mergesByItself } from './decide.js';
import { type Finishing, mergeMutations, peopleMutations } from './finish.js';
import { firstTry, type Merged, settleMerges } from './merge.js';
import type { MergeMethod } from './opening.js';
import { type Outcome, refused, settled } from './outcome.js';
import { fullName, type Round, write } from './round-context.js';
import { type Survey, scratchOf, titleOf } from './unit.js';
import { isStale, moveRef, NO_OID, updatePullRequest, type Work, type Written } from './write.js';

/** A unit whose content is written, with what is left to do. */
export interface Pending {
  id: string;
  work: Work;
  written: Extract<Written, { state: 'done' | 'built' }>;
  finishing: Finishing;
  /** Why it does not merge by itself although the policy says so. */
  heldBack: string;
}

/** What is left to do for a unit after its content was written. */
export function pendingFor(round: Round, id: string, work: Work, written: Pending['written']): Pending {
  const { merges, reason } = mergesByItself(work.survey.unit.environment, round.request, round.rules);
  const finishing: Finishing = {
    pullRequest: written.pullRequest,
    labels: work.survey.labels.map(({ name }) => name),
    known: work.survey.open,
    headOid: written.headOid,
    changed: written.state === 'built' || written.changed,
    merges,
    message: work.message,
  };
  return { id, work, written, finishing, heldBack: reason };
}

/**
 * Moves rebuilt branches, sets labels and people, and merges what can be merged now, in one document.
 *
 * @returns those whose merge is still open
 */
export async function finishAll(
  round: Round,
  pending: readonly Pending[],
  labelIds: ReadonlyMap<string, string>,
  outcomes: Map<Survey, Outcome>,
): Promise<Pending[]> {
  const method = mergeMethod(round);
  const results = await write(
    round,
    'FinishBumps',
    pending.flatMap((each) => finishingMutations(round, each, labelIds, method)),
  );
  warnOfPeople(round, pending, results);
  const waiting: Pending[] = [];
  for (const each of pending) {
    const moved = each.written.state === 'built' ? results.error(`${each.id}_move`) : undefined;
    const merged = each.finishing.merges ? firstTry(each.id, results, round.opening) : undefined;
    if (moved !== undefined) {
      outcomes.set(each.work.survey, moveFailure(moved, each, round));
    } else if (each.finishing.merges && merged === undefined) {
      waiting.push(each);
    } else {
      outcomes.set(each.work.survey, finished(each, merged));
    }
  }
  return waiting;
}

/** Labels, reviewers and assignees are extras: what fails of them is told and fails nothing. */
function warnOfPeople(round: Round, pending: readonly Pending[], results: MutationResults): void {
  for (const { id, written } of pending) {
    for (const part of ['labels', 'reviewers', 'assignees']) {
      const error = results.error(`${id}_${part}`);
      if (error !== undefined) {
        round.warn(`The ${part} of #${written.pullRequest.number} could not be set: ${error.message}`);
      }
    }
  }
}

/** Waits for the merges that are still open. */
export async function settle(round: Round, waiting: readonly Pending[], outcomes: Map<Survey, Outcome>): Promise<void> {
  const merges = await settleMerges(
    round.github,
    round.opening,
    mergeMethod(round),
    waiting.map(({ finishing }) => finishing),
    round.patience,
  );
  for (const [index, each] of waiting.entries()) {
    outcomes.set(each.work.survey, finished(each, merges[index]));
  }
}

function finishingMutations(
  round: Round,
  { id, work, written, finishing }: Pending,
  labelIds: ReadonlyMap<string, string>,
  method: MergeMethod,
): Mutation[] {
  const { unit, branch } = work.survey;
  const move =
    written.state === 'built'
      ? [
          moveRef(`${id}_move`, round.opening, unit.branch, branch?.commit.oid, written.headOid),
          moveRef(`${id}_scratch`, round.opening, scratchOf(unit), written.headOid, NO_OID),
          updatePullRequest(`${id}_text`, written.pullRequest.id, { title: titleOf(unit), body: work.body }),
        ]
      : [];
  return [
    ...move,
    ...peopleMutations(id, finishing, round.request, round.opening, labelIds),
    ...(finishing.merges ? mergeMutations(id, finishing, round.opening, method) : []),
  ];
}

function moveFailure(error: GraphqlError, each: Pending, round: Round): Outcome {
  return isStale(error)
    ? { state: 'again', reason: error.message }
    : refused(
        {
          state: 'failed',
          error,
          doing: `move the branch ${each.work.survey.unit.branch}`,
          permission: 'contents: write',
        },
        fullName(round),
      );
}

function finished({ work, written, heldBack }: Pending, merged: Merged | undefined): Outcome {
  const { survey, step } = work;
  if (merged?.state === 'again' && onlyOurs(survey)) {
    return { state: 'again', reason: merged.reason };
  }
  if (merged?.state === 'merged') {
    return settled(survey, 'merged', '', written.pullRequest);
  }
  const conflict =
    step.do === 'keep' && step.conflict
      ? "it conflicts with its base, and people's commits on it are kept: resolve it there"
      : '';
  const waits =
    merged?.state === 'again' ? `${merged.reason}, and people's commits on it are kept: update it by hand` : '';
  const reason = [conflict, heldBack, waits, merged?.state === 'waiting' ? merged.reason : '']
    .filter((part) => part !== '')
    .join('; ');
  const isNew = written.state === 'done' && written.created;
  const changed = written.state === 'built' || written.changed;
  return settled(survey, isNew ? 'created' : changed ? 'updated' : 'unchanged', reason, written.pullRequest);
}

function onlyOurs({ unit, open }: Survey): boolean {
  const owner = { environment: unit.environment, app: unit.target.app };
  return open === undefined || open.commits.every((commit) => isOurs(commit, owner));
}

function mergeMethod({ request, opening }: Round): MergeMethod {
  const wanted = request.mergeMethod;
  const methods: Record<string, MergeMethod> = { squash: 'SQUASH', merge: 'MERGE', rebase: 'REBASE' };
  return (wanted === undefined ? undefined : methods[wanted]) ?? opening.mergeMethods[0] ?? 'MERGE';
}
