import * as v from 'valibot';
import { explain } from '../../github/errors.js';
import { readFailure } from '../../github/failure.js';
import type { Mutation, MutationResults } from '../../github/mutations.js';
import { decide, mergesByItself } from './decide.js';
import { labelMutations } from './finish.js';
import { finishAll, type Pending, pendingFor, settle } from './finish-round.js';
import { type Outcome, refused, settled } from './outcome.js';
import { fullName, type Round, write } from './round-context.js';
import { bodyOf, messageOf } from './story-of.js';
import type { Survey } from './unit.js';
import { isStale, mutationsFor, readWritten, type Work } from './write.js';

/** Units written in one document: about ten new pull requests at once meet GitHub's secondary limit. */
const UNITS_A_DOCUMENT = 8;

/**
 * Decides and writes all units once: a first document with branches, commits and pull requests, a second with what needs
 * their ids (labels, reviewers, the merge). What another run changed meanwhile comes back as `again`.
 *
 * @returns one outcome for each survey, in order
 */
export async function playRound(round: Round, surveys: readonly Survey[]): Promise<Outcome[]> {
  const outcomes = new Map<Survey, Outcome>();
  const works: Work[] = [];
  for (const survey of surveys) {
    const decision = decide(survey, round.opening, round.rules);
    if ('state' in decision) {
      outcomes.set(survey, decision);
    } else {
      works.push(workFor(round, survey, surveys, decision));
    }
  }
  const waiting: Pending[] = [];
  for (let start = 0; start < works.length; start += UNITS_A_DOCUMENT) {
    const chunk = works.slice(start, start + UNITS_A_DOCUMENT);
    await orAgain(round, chunk, outcomes, async () => {
      waiting.push(...(await playChunk(round, chunk, outcomes)));
    });
  }
  const merging = waiting.map(({ work }) => work);
  await orAgain(round, merging, outcomes, () => settle(round, waiting, outcomes));
  return surveys.map((survey) => outcomes.get(survey) ?? { state: 'again', reason: 'nothing is known of it' });
}

/** The same, without writing: what would be done. */
export function rehearseRound(
  round: Round,
  surveys: readonly Survey[],
): { outcome: Outcome; work: Work | undefined }[] {
  return surveys.map((survey) => {
    const decision = decide(survey, round.opening, round.rules);
    if ('state' in decision) {
      return { outcome: decision, work: undefined };
    }
    const actions = {
      open: 'created',
      append: 'updated',
      rebuild: 'updated',
      keep: 'unchanged',
      close: 'closed',
    } as const;
    const action = decision.do === 'nothing' ? decision.action : actions[decision.do];
    return {
      outcome: settled(survey, survey.open === undefined && action === 'updated' ? 'created' : action, 'dry run'),
      work: workFor(round, survey, surveys, decision),
    };
  });
}

function workFor(round: Round, survey: Survey, surveys: readonly Survey[], step: Work['step']): Work {
  const { request, rules, releases } = round;
  const { environment, target } = survey.unit;
  const body = bodyOf(survey, {
    request,
    releases,
    surveys: surveys.filter(({ unit }) => unit.target.app === target.app),
    repository: fullName(round),
    merges: mergesByItself(environment, request, rules).merges,
  });
  return { survey, step, message: messageOf(survey.unit, request), body };
}

/**
 * Does the work; where the answer of a write was lost, nobody knows what it did, and all units are looked at again.
 *
 * @throws Error explaining any other refusal
 */
async function orAgain(
  round: Round,
  works: readonly Work[],
  outcomes: Map<Survey, Outcome>,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    const failure = readFailure(error);
    if (failure === undefined || !(failure.unanswered || (failure.status ?? 0) >= 500)) {
      const deed = { doing: 'write the pull requests', permission: 'pull_requests: write' };
      throw explain(error, { ...deed, repository: fullName(round) });
    }
    for (const { survey } of works) {
      outcomes.set(survey, { state: 'again', reason: `an answer was lost: ${failure.message}` });
    }
  }
}

/** @returns those whose merge is still open */
async function playChunk(round: Round, works: readonly Work[], outcomes: Map<Survey, Outcome>): Promise<Pending[]> {
  const place = { opening: round.opening, repository: fullName(round) };
  const labelled = works.filter(({ step }) => step.do !== 'close').map(({ survey }) => survey);
  const labels = labelMutations(labelled, round.opening);
  const results = await write(round, 'WriteBumps', [
    ...labels,
    ...works.flatMap((work, index) => mutationsFor(`u${index}`, work, place)),
  ]);
  const pending: Pending[] = [];
  for (const [index, work] of works.entries()) {
    const written = readWritten(`u${index}`, work, results, place);
    if (written === undefined) {
      continue;
    }
    if (written.state === 'stale') {
      outcomes.set(work.survey, { state: 'again', reason: written.error.message });
    } else if (written.state === 'failed') {
      outcomes.set(work.survey, refused(written, place.repository));
    } else if (work.step.do === 'close') {
      outcomes.set(work.survey, settled(work.survey, 'closed', work.step.reason));
    } else {
      pending.push(pendingFor(round, `u${index}`, work, written));
    }
  }
  for (const { alias, input } of labels) {
    const error = results.error(alias);
    if (error !== undefined && !isStale(error)) {
      round.warn(
        `The label "${input.name}" could not be made: ${error.message}. Make it by hand, or grant "issues: write".`,
      );
    }
  }
  const known = labelled.flatMap((survey) =>
    survey.labels.map(({ name, id }): [string, string][] => (id === undefined ? [] : [[name, id]])),
  );
  const ids = new Map([...known.flat(), ...createdLabels(labels, results)]);
  return finishAll(round, pending, ids, outcomes);
}

const labelSchema = v.object({ label: v.nullable(v.object({ id: v.string(), name: v.string() })) });

function createdLabels(mutations: readonly Mutation[], results: MutationResults): [string, string][] {
  return mutations.flatMap(({ alias }): [string, string][] => {
    const label = results.payload(alias, labelSchema)?.label;
    return label === undefined || label === null ? [] : [[label.name, label.id]];
  });
}
