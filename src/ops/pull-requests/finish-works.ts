import * as v from 'valibot';
import { nameOf } from '../../github/connected.js';
import type { GraphqlError } from '../../github/graphql-error.js';
import { isStale } from '../../github/graphql-error.js';
import type { Mutation, MutationResults } from '../../github/mutations.js';
import { visibleLine } from '../../report/visible.js';
import { MERGE_WHEN_ALLOWED } from '../policy/merge-decision.js';
import { refused } from './github-refusal.js';
import { firstTry, type Merged, waitForMerges } from './merge.js';
import { type Finishing, mergeMutations } from './merge-mutations.js';
import { noteOwnMerge } from './own-merges.js';
import { peopleMutations } from './people.js';
import { mergesByItself as doesMerge, stopMerge } from './stop-merge.js';
import { scratchOf, type Work, type WorkOutcome } from './work.js';
import { movedMeanwhile, moveRef, NO_OID, updatePullRequest, type Written } from './work-mutations.js';
import { mergeMethodOf, type WriteContext, write } from './write-context.js';

/** A work whose content is written, with what is left to do. */
export interface Pending {
  id: string;
  work: Work;
  written: Extract<Written, { state: 'done' | 'built' }>;
  finishing: Finishing;
  /** What moved while it was written, empty where nothing did. */
  moved: string;
}

/** What is left to do for a work after its content was written. */
export function pendingFor(id: string, work: Work, written: Pending['written'], checksBaseAgain: boolean): Pending {
  const moved = written.state === 'done' && checksBaseAgain ? written.moved : '';
  const finishing: Finishing = {
    pullRequest: written.pullRequest,
    labels: work.labels.map(({ name }) => name),
    known: work.open,
    headOid: written.headOid,
    changed: written.state === 'built' || (written.changed && !(work.step.do === 'keep' && work.isNoteOnly)),
    losesLabel: !work.merges && !work.whenAllowed,
    stopsMerging: work.stopsMerging,
    merges: work.merges && moved === '',
    message: work.message,
    others: othersOf(work),
  };
  return { id, work, written, finishing, moved };
}

/** The commits of other people that a branch keeps; one that is built anew has none. */
function othersOf({ open, step, isOurs }: Work): string[] {
  const commits = step.do === 'rebuild' ? [] : (open?.commits ?? []);
  return commits
    .filter((commit) => !isOurs(commit))
    .map(({ headline, oid }) => `${visibleLine(headline)} (${oid.slice(0, 7)})`);
}

/**
 * Moves rebuilt branches, sets labels and people, and merges what can be merged now, in one document.
 *
 * @returns those whose merge is still open
 */
export async function finishAll(
  execution: WriteContext,
  pending: readonly Pending[],
  labelIds: ReadonlyMap<string, string>,
  outcomes: Map<Work, WorkOutcome>,
): Promise<Pending[]> {
  const method = mergeMethodOf(execution);
  const results = await write(
    execution,
    'Finish',
    // Merges come last, so that what they do to the base does not look like another run's doing.
    [
      ...pending.flatMap((each) => finishingMutations(execution, each, labelIds)),
      ...pending.flatMap(({ id, finishing }) =>
        finishing.merges ? mergeMutations(id, finishing, execution.repo, method) : [],
      ),
    ],
  );
  warnOfPeople(execution, pending, results);
  const waiting: Pending[] = [];
  for (const each of pending) {
    const built = each.written.state === 'built';
    const refusal = built ? results.error(`${each.id}_move`) : undefined;
    if (built && execution.checksBaseAgain) {
      each.moved = movedMeanwhile(results, `${each.id}_text`, each.written.headOid, execution);
    }
    noteOwnMerge(execution.bases, results.payload(`${each.id}_merge`, v.unknown()));
    const merged = each.finishing.merges ? firstTry(each.id, results, execution.repo) : undefined;
    if (refusal !== undefined) {
      outcomes.set(each.work, moveFailure(refusal, each, execution));
    } else if (each.finishing.merges && merged === undefined) {
      waiting.push(each);
    } else {
      outcomes.set(each.work, finished(each, merged));
    }
  }
  return waiting;
}

/** Labels, reviewers and assignees are extras, and what is not turned off is for a person: where it fails, a warning says so. */
function warnOfPeople({ warn }: WriteContext, pending: readonly Pending[], results: MutationResults): void {
  for (const { id, written } of pending) {
    const { number } = written.pullRequest;
    for (const part of ['labels', 'reviewers', 'assignees']) {
      const error = results.error(`${id}_${part}`);
      if (error !== undefined) {
        warn(`The ${part} of #${number} could not be set: ${error.message}`);
      }
    }
    const kept = results.error(`${id}_unlabel`);
    if (kept !== undefined) {
      warn(
        `The label ${MERGE_WHEN_ALLOWED} of #${number} could not be taken off: ${kept.message} Take it off by hand.`,
      );
    }
    for (const error of results.errors.filter(({ path }) => String(path[0]).startsWith(`${id}_stop_`))) {
      warn(
        `#${number} still merges by itself (${error.message}), and the policy does not allow it: turn that off by hand.`,
      );
    }
  }
}

/** Waits for the merges that are still open. */
export async function finishMerges(
  execution: WriteContext,
  waiting: readonly Pending[],
  outcomes: Map<Work, WorkOutcome>,
): Promise<void> {
  const { github, repo, patience } = execution;
  const finishings = waiting.map(({ finishing }) => finishing);
  const merges = await waitForMerges(github, repo, mergeMethodOf(execution), finishings, patience);
  for (const [index, each] of waiting.entries()) {
    outcomes.set(each.work, finished(each, merges[index]));
  }
}

function finishingMutations(
  { repo, people }: WriteContext,
  { id, work, written, finishing }: Pending,
  labelIds: ReadonlyMap<string, string>,
): Mutation[] {
  const { branch, branchOid, title, body } = work;
  const move =
    written.state === 'built'
      ? [
          moveRef(`${id}_move`, repo, branch, branchOid, written.headOid),
          moveRef(`${id}_scratch`, repo, scratchOf(branch), written.headOid, NO_OID),
          updatePullRequest(`${id}_text`, written.pullRequest.id, { title, body }),
        ]
      : [];
  const { known, stopsMerging } = finishing;
  const stops = known === undefined || stopsMerging !== true ? [] : stopMerge(known);
  return [
    ...move,
    ...stops.map((each) => ({ ...each, alias: `${id}_stop_${each.name}` })),
    ...peopleMutations(id, finishing, people, repo, labelIds),
  ];
}

function moveFailure(error: GraphqlError, { work }: Pending, execution: WriteContext): WorkOutcome {
  if (isStale(error)) {
    return { state: 'again', reason: error.message };
  }
  const refusal = { error, doing: `move the branch ${work.branch}`, permission: 'contents: write' };
  return { state: 'failed', error: refused(refusal, nameOf(execution)) };
}

function finished({ work, written, moved }: Pending, merged: Merged | undefined): WorkOutcome {
  const { step, open, mergeReason } = work;
  const onlyOurs = open === undefined || open.commits.every((commit) => work.isOurs(commit));
  if (merged?.state === 'again' && onlyOurs) {
    return { state: 'again', reason: merged.reason };
  }
  const settled = { state: 'settled', pullRequest: written.pullRequest } as const;
  if (merged?.state === 'merged') {
    return { ...settled, action: 'merged', reason: '', holdsChanged: merged.holdsChanged };
  }
  const conflict =
    step.do === 'keep' && step.conflict
      ? "it conflicts with its base, and people's commits on it are kept: resolve it there"
      : '';
  const waits =
    merged?.state === 'again' ? `${merged.reason}, and people's commits on it are kept: update it by hand` : '';
  const reason = [conflict, mergeReason, waits, merged?.state === 'waiting' ? merged.reason : '']
    .filter((part) => part !== '')
    .join('; ');
  const isNew = written.state === 'done' && written.created;
  const changed = written.state === 'built' || (written.changed && !(step.do === 'keep' && work.isNoteOnly));
  const stillOn = !work.merges && !work.stopsMerging && doesMerge(open, changed);
  const mergesByItself = stillOn || work.whenAllowed || (merged?.state === 'waiting' && merged.byItself === true);
  const action = isNew ? 'created' : changed ? 'updated' : 'unchanged';
  const head = changed && onlyOurs ? { head: written.headOid } : {};
  const done = { ...settled, action, reason, mergesByItself, ...head } as const;
  const holdsChanged = merged?.state === 'waiting' && merged.holdsChanged === true;
  const again = moved === '' && holdsChanged ? 'the holds changed while it was written' : moved;
  return again === '' ? done : { state: 'again', reason: again, settled: done };
}
