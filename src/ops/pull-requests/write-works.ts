import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { nameOf } from '../../github/connected.js';
import { explain } from '../../github/errors.js';
import { mayHaveTakenEffect, readFailure } from '../../github/failure.js';
import { isStale } from '../../github/graphql-error.js';
import type { Mutation, MutationResults } from '../../github/mutations.js';
import { operationIn } from '../../github/try-operation.js';
import type { Label } from '../repository/labels.js';
import type { Alongside } from './alongside.js';
import { finishAll, finishMerges, type Pending, pendingFor } from './finish-works.js';
import { refused } from './github-refusal.js';
import { labelMutations } from './people.js';
import type { Work, WorkOutcome } from './work.js';
import { mutationsFor, readWritten } from './work-mutations.js';
import { type WriteContext, write } from './write-context.js';

/** Works written in one document: about ten new pull requests at once meet GitHub's secondary limit. */
const WORKS_A_DOCUMENT = 8;

/**
 * GitHub takes about 80 requests a minute that make content, and asks for a second between two of them.
 *
 * @see https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits
 */
const NEW_PULL_REQUEST_MS = 750;

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
  for (let start = 0; start < works.length; start += WORKS_A_DOCUMENT) {
    const chunk = works.slice(start, start + WORKS_A_DOCUMENT);
    await sleep(pauseBefore(works, start));
    await orAgain(execution, chunk, outcomes, async () => {
      waiting.push(...(await writeChunk(execution, chunk, start === 0 ? alongside : [], outcomes, labels)));
    });
  }
  const merging = waiting.map(({ work }) => work);
  await orAgain(execution, merging, outcomes, () => finishMerges(execution, waiting, outcomes));
  return outcomes;
}

/** Milliseconds to wait before the document that begins with a work: as long as the new pull requests before it take. */
export function pauseBefore(works: readonly Pick<Work, 'step' | 'open'>[], start: number): number {
  const before = works.slice(Math.max(0, start - WORKS_A_DOCUMENT), start);
  return before.filter(isNew).length * NEW_PULL_REQUEST_MS;
}

/** Whether it opens a pull request. */
export function isNew({ step, open }: Pick<Work, 'step' | 'open'>): boolean {
  return step.do === 'open' || (open === undefined && (step.do === 'append' || step.do === 'rebuild'));
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
  const { repo } = execution;
  const target = { repo, repository: nameOf(execution) };
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
