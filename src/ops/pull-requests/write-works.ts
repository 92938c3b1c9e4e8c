import * as v from 'valibot';
import { nameOf } from '../../github/connected.js';
import { explain } from '../../github/errors.js';
import { mayHaveTakenEffect, readFailure } from '../../github/failure.js';
import { isStale } from '../../github/graphql-error.js';
import type { Mutation, MutationResults } from '../../github/mutations.js';
import { operationIn } from '../../github/try-operation.js';
import type { Label } from '../repository/labels.js';
import type { Alongside } from './alongside.js';
import { type ContentPace, contentsOf, fitting, hourIsOver, paceOf } from './content-pace.js';
import { finishAll, finishMerges, type Pending, pendingFor } from './finish-works.js';
import { refused } from './github-refusal.js';
import { labelMutations } from './people.js';
import type { Work, WorkOutcome } from './work.js';
import { mutationsFor, readWritten } from './work-mutations.js';
import { type WriteContext, write } from './write-context.js';

/** Works written in one document: about ten new pull requests at once meet GitHub's secondary limit. */
const WORKS_A_DOCUMENT = 8;

/**
 * Writes all works once: a first document with branches, commits and pull requests, a second with what needs their ids
 * (labels, reviewers, the merge). What another run changed meanwhile comes back as `again`.
 *
 * @returns one outcome for each work
 * @throws Error explaining a refusal of a whole document
 */
export async function writeWorks(
  execution: WriteContext,
  works: readonly Work[],
  alongside: readonly Alongside[] = [],
): Promise<Map<Work, WorkOutcome>> {
  const outcomes = new Map<Work, WorkOutcome>();
  const waiting: Pending[] = [];
  const labels = new Map<string, string>();
  const pace = paceOf(execution.github);
  for (let start = 0; start < works.length; start += WORKS_A_DOCUMENT) {
    const chunk = inTime(works.slice(start, start + WORKS_A_DOCUMENT), pace, outcomes);
    await pace.wait(execution.patience.contentMs);
    pace.note(chunk.reduce((sum, work) => sum + contentsOf(work), 0));
    await orAgain(execution, chunk, outcomes, async () => {
      waiting.push(...(await writeChunk(execution, chunk, start === 0 ? alongside : [], outcomes, labels)));
    });
  }
  const merging = waiting.map(({ work }) => work);
  await orAgain(execution, merging, outcomes, () => finishMerges(execution, waiting, outcomes));
  return outcomes;
}

/** Those that still fit into the hour; the others are for the next run. */
function inTime(works: readonly Work[], pace: ContentPace, outcomes: Map<Work, WorkOutcome>): Work[] {
  const { now, later } = fitting(works, pace);
  for (const work of later) {
    outcomes.set(work, { state: 'failed', error: hourIsOver(pace) });
  }
  return now;
}

/**
 * Does the work; where the answer of a write was lost, nobody knows what it did, and all is looked at again.
 *
 * @throws Error explaining any other refusal
 */
async function orAgain(
  { repository }: WriteContext,
  works: readonly Work[],
  outcomes: Map<Work, WorkOutcome>,
  body: () => Promise<void>,
): Promise<void> {
  try {
    await body();
  } catch (error) {
    const failure = readFailure(error);
    if (failure === undefined || !mayHaveTakenEffect(failure)) {
      throw explain(error, operationIn(repository, 'write the pull requests', 'pull-requests: write'));
    }
    for (const work of works) {
      outcomes.set(work, { state: 'again', reason: `an answer was lost: ${failure.message}` });
    }
  }
}

/**
 * @param labelIds ids by name of labels that this run made; those that it makes now are added
 * @returns those whose merge is still open
 */
async function writeChunk(
  execution: WriteContext,
  works: readonly Work[],
  alongside: readonly Alongside[],
  outcomes: Map<Work, WorkOutcome>,
  labelIds: Map<string, string>,
): Promise<Pending[]> {
  const { repo, bases } = execution;
  const target = { repo, bases, repository: nameOf(execution) };
  const labels = works
    .filter(({ step }) => step.do !== 'close')
    .flatMap((work) => work.labels.map(({ name, id }) => ({ name, id: id ?? labelIds.get(name) })));
  const missing = labelMutations(labels, repo);
  const results = await write(execution, 'Write', [
    ...missing,
    ...alongside.map(({ mutation }, index) => ({ ...mutation, alias: `x${index}` })),
    ...works.flatMap((work, index) => mutationsFor(`u${index}`, work, target)),
  ]);
  const pending: Pending[] = [];
  for (const [index, work] of works.entries()) {
    const written = readWritten(`u${index}`, work, results, target);
    if (written === undefined) {
      continue;
    }
    if (written.state === 'stale') {
      outcomes.set(work, { state: 'again', reason: written.error.message });
    } else if (written.state === 'failed') {
      outcomes.set(work, { state: 'failed', error: refused(written, target.repository) });
    } else if (work.step.do === 'close') {
      outcomes.set(work, { state: 'settled', action: 'closed', reason: work.step.reason, pullRequest: work.open });
    } else {
      pending.push(pendingFor(`u${index}`, work, written, execution.checksBaseAgain));
    }
  }
  warnOfExtras(execution, results, missing, alongside);
  takeLabelIds(labelIds, labels, missing, results);
  return finishAll(execution, pending, labelIds, outcomes);
}

function warnOfExtras(
  { warn }: WriteContext,
  results: MutationResults,
  labels: readonly Mutation[],
  alongside: readonly Alongside[],
): void {
  for (const { alias, input } of labels) {
    const error = results.error(alias);
    if (error !== undefined && !isStale(error)) {
      warn(`The label "${input.name}" could not be made: ${error.message}. Make it by hand, or grant "issues: write".`);
    }
  }
  for (const [index, { otherwise }] of alongside.entries()) {
    const error = results.error(`x${index}`);
    if (error !== undefined) {
      warn(`${otherwise}: ${error.message}`);
    }
  }
}

const labelSchema = v.object({ label: v.nullable(v.object({ id: v.string(), name: v.string() })) });

function takeLabelIds(
  ids: Map<string, string>,
  labels: readonly Label[],
  made: readonly Mutation[],
  results: MutationResults,
): void {
  for (const { name, id } of labels) {
    if (id !== undefined) {
      ids.set(name, id);
    }
  }
  for (const { alias } of made) {
    const label = results.payload(alias, labelSchema)?.label;
    if (label !== undefined && label !== null) {
      ids.set(label.name, label.id);
    }
  }
}
