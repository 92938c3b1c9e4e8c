import * as v from 'valibot';
import type { GitHub } from '../../github/client.js';
import type { RepositoryName } from '../../github/context.js';
import { explain } from '../../github/errors.js';
import { readFailure } from '../../github/failure.js';
import { type Mutation, type MutationResults, runMutations } from '../../github/mutations.js';
import { isOurs } from '../pull-request/lifecycle.js';
import { decide, mergesByItself, type Rules } from './decide.js';
import { type Finishing, labelMutations, mergeMutations, peopleMutations } from './finish.js';
import { firstTry, type Merged, type Patience, settleMerges } from './merge.js';
import type { MergeMethod, Opening } from './opening.js';
import { type Outcome, refused, settled } from './outcome.js';
import type { PublishedRelease } from './releases-between.js';
import type { BumpRequest } from './request.js';
import { bodyOf, messageOf } from './story-of.js';
import { type Survey, scratchOf, titleOf } from './unit.js';
import {
  isStale,
  moveRef,
  mutationsFor,
  NO_OID,
  readWritten,
  updatePullRequest,
  type Work,
  type Written,
} from './write.js';

/** Everything a round works with: one commit of the base, and what was asked for. */
export interface Round {
  github: GitHub;
  repository: RepositoryName;
  opening: Opening;
  rules: Rules;
  request: BumpRequest;
  releases: readonly PublishedRelease[] | undefined;
  patience: Patience;
  /** Takes what a person should know and nothing fails of. */
  warn: (message: string) => void;
}

/** A unit whose content is written, with what is left to do. */
interface Pending {
  id: string;
  work: Work;
  written: Extract<Written, { state: 'done' | 'built' }>;
  finishing: Finishing;
  /** Why it does not merge by itself although the policy says so. */
  heldBack: string;
}

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

function fullName({ repository }: Round): string {
  return `${repository.owner}/${repository.name}`;
}

/** @returns those whose merge is still open */
async function playChunk(round: Round, works: readonly Work[], outcomes: Map<Survey, Outcome>): Promise<Pending[]> {
  const place = { opening: round.opening, repository: fullName(round) };
  const labelled = works.filter(({ step }) => step.do !== 'close').map(({ survey }) => survey);
  const labels = labelMutations(labelled, round.opening);
  const results = await run(round, 'WriteBumps', [
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

function pendingFor(round: Round, id: string, work: Work, written: Pending['written']): Pending {
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

async function finishAll(
  round: Round,
  pending: readonly Pending[],
  labelIds: ReadonlyMap<string, string>,
  outcomes: Map<Survey, Outcome>,
): Promise<Pending[]> {
  const method = mergeMethod(round);
  const results = await run(
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
async function settle(round: Round, waiting: readonly Pending[], outcomes: Map<Survey, Outcome>): Promise<void> {
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

function moveFailure(error: { message: string; type?: string | undefined }, each: Pending, round: Round): Outcome {
  const failure = { message: error.message, path: [], ...(error.type === undefined ? {} : { type: error.type }) };
  return isStale(failure)
    ? { state: 'again', reason: error.message }
    : refused(
        {
          state: 'failed',
          error: failure,
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

const labelSchema = v.object({ label: v.nullable(v.object({ id: v.string(), name: v.string() })) });

function createdLabels(mutations: readonly Mutation[], results: MutationResults): [string, string][] {
  return mutations.flatMap(({ alias }): [string, string][] => {
    const label = results.payload(alias, labelSchema)?.label;
    return label === undefined || label === null ? [] : [[label.name, label.id]];
  });
}

const NO_RESULTS: MutationResults = { payload: () => undefined, error: () => undefined, errors: [] };

async function run(round: Round, operation: string, mutations: readonly Mutation[]): Promise<MutationResults> {
  return mutations.length === 0 ? NO_RESULTS : runMutations(round.github, operation, mutations);
}
