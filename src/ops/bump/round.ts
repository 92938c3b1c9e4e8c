import { execute, rehearse } from '../propose/execute.js';
import type { Work } from '../propose/work.js';
import { blockKey } from '../pull-request/block.js';
import type { Step } from '../pull-request/lifecycle.js';
import { compareVersions } from '../version.js';
import { decide, mergesByItself } from './decide.js';
import { type Outcome, outcomeOf, settled } from './outcome.js';
import { fullName, type Round } from './round-context.js';
import { isBumpOf } from './situation.js';
import { bodyOf, messageOf } from './story-of.js';
import { keyOf, type Survey, titleOf, versionOfKey } from './unit.js';

/**
 * Decides and writes all units once. What another run changed meanwhile comes back as `again`.
 *
 * @returns one outcome for each survey, in order
 */
export async function playRound(round: Round, surveys: readonly Survey[]): Promise<Outcome[]> {
  const decisions = surveys.map((survey) => decide(survey, round.opening, round.rules));
  const works = new Map<Survey, Work>();
  for (const [index, survey] of surveys.entries()) {
    const decision = decisions[index];
    if (decision !== undefined && 'do' in decision) {
      works.set(survey, workFor(round, survey, surveys, decision));
    }
  }
  const { request } = round;
  const execution = { ...round, people: request, mergeMethod: request.mergeMethod, noun: 'Bumps' };
  const executed = await execute(execution, [...works.values()]);
  return surveys.map((survey, index) => {
    const decision = decisions[index];
    const work = works.get(survey);
    const done = work === undefined ? undefined : executed.get(work);
    if (decision !== undefined && 'state' in decision) {
      return decision;
    }
    return done === undefined ? { state: 'again', reason: 'nothing is known of it' } : outcomeOf(survey, done);
  });
}

/**
 * Writes the texts of pull requests that are about something else than what is on their branches, and nothing more.
 *
 * @returns whether a branch moved meanwhile, so that the text may be about something else again
 */
export async function writeTexts(round: Round, surveys: readonly Survey[]): Promise<boolean> {
  const works = surveys.flatMap((survey) => {
    const decision = decide(survey, round.opening, round.rules);
    return 'do' in decision && decision.do === 'keep'
      ? [{ ...workFor(round, survey, surveys, decision), labels: [], merges: false }]
      : [];
  });
  const people = { reviewers: [], assignees: [] };
  const done = await execute({ ...round, people, mergeMethod: undefined, noun: 'Bumps' }, works);
  return [...done.values()].some(({ state }) => state === 'again');
}

/** The same, without writing: what would be done. */
export function rehearseRound(round: Round, surveys: readonly Survey[]): { outcome: Outcome; writes: boolean }[] {
  return surveys.map((survey) => {
    const decision = decide(survey, round.opening, round.rules);
    if ('state' in decision) {
      return { outcome: decision, writes: false };
    }
    const outcome =
      decision.do === 'nothing'
        ? settled(survey, decision.action, 'dry run')
        : outcomeOf(survey, rehearse({ step: decision, open: survey.open }));
    return { outcome, writes: true };
  });
}

function workFor(round: Round, survey: Survey, surveys: readonly Survey[], step: Step): Work {
  const { request, rules, releases } = round;
  const { unit, branch, open, plan, labels } = survey;
  const { environment, target } = unit;
  const { merges, reason } = mergesByItself(environment, request, rules);
  const body = bodyOf(survey, {
    request,
    releases,
    surveys: surveys.filter((other) => other.unit.target.app === target.app),
    repository: fullName(round),
    merges,
  });
  return {
    branch: unit.branch,
    step,
    branchOid: branch?.commit.oid,
    open,
    change: plan?.change,
    onTop: branch?.plan?.standing === 'change' ? branch.plan.change : undefined,
    message: messageOf(unit, request),
    title: titleOf(unit),
    body,
    textStays: textStays(survey),
    labels,
    merges,
    heldBack: reason,
    isOurs: (commit) => isBumpOf({ environment, app: target.app }, commit),
  };
}

/** A text about a newer version is another run's, whose commit is on its way. */
function textStays({ unit, open }: Survey): boolean {
  const stated = blockKey('bump', open?.body ?? '') ?? '';
  const isNewer = compareVersions({ tag: unit.target.version }, { tag: versionOfKey(stated) }) === 'newer';
  return isNewer || (stated === keyOf(unit) && open?.title === titleOf(unit));
}
