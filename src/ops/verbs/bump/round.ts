import { nameOf } from '../../../github/connected.js';
import { compareVersions } from '../../carriers/compare-versions.js';
import { decideMerge } from '../../policy/merge-decision.js';
import { environmentPolicy } from '../../policy/policy.js';
import { blockKey } from '../../pull-requests/block.js';
import { execute, rehearse } from '../../pull-requests/execute.js';
import type { Step } from '../../pull-requests/lifecycle.js';
import { DRY_RUN } from '../../pull-requests/outcome.js';
import { type Executed, executedOf, type Work } from '../../pull-requests/work.js';
import { isBumpOf } from '../../releases/release-pull-request.js';
import { NOBODY } from '../../repository/repository-state.js';
import { decide } from './decide.js';
import { disableAutoMerge } from './disable-auto-merge.js';
import { type Outcome, outcomeOf, settled } from './outcome.js';
import type { Round } from './round-context.js';
import { bodyOf, messageOf } from './story-of.js';
import { keyOf, type Survey, titleOf, versionOfKey } from './unit.js';

/** What became of a unit in one round. */
export interface Played {
  outcome: Outcome;
  /** Whether it was merged, or may have been: its answer was lost. */
  mayBeMerged: boolean;
  /** Whether it was merged where other holds are on than those it was decided by, or nobody can tell. */
  elsewhere: boolean;
}

/**
 * Decides and writes all units once. What another run changed meanwhile comes back as `again`.
 *
 * @returns one for each survey, in order
 */
export async function playRound(round: Round, surveys: readonly Survey[]): Promise<Played[]> {
  const plays = surveys.map((survey) => {
    const decision = decide(survey, round.repo, round.rules);
    return 'do' in decision ? { survey, work: workFor(round, survey, surveys, decision) } : { outcome: decision };
  });
  const { request } = round;
  const execution = { ...round, people: request, mergeMethod: request.mergeMethod, noun: 'Bumps' };
  const executed = await execute(
    execution,
    plays.flatMap(({ work }) => work ?? []),
  );
  await disableAutoMerge(
    round,
    surveys.filter((_, index) => isHeld(plays[index]?.outcome)),
  );
  return plays.map(({ survey, work, outcome }) =>
    work === undefined ? { outcome, mayBeMerged: false, elsewhere: false } : played(survey, work, executed),
  );
}

function isHeld(outcome: Outcome | undefined): boolean {
  return outcome?.state === 'settled' && outcome.result.action === 'held';
}

function played(survey: Survey, work: Work, executed: ReadonlyMap<Work, Executed>): Played {
  const done = executedOf(executed, work);
  const elsewhere = done.state === 'settled' && done.elsewhere === true;
  return { outcome: outcomeOf(survey, done), mayBeMerged: work.merges, elsewhere };
}

/**
 * Writes the texts of pull requests that are about something else than what is on their branches, and nothing more.
 *
 * @returns whether a branch moved meanwhile, so that the text may be about something else again
 */
export async function writeTexts(round: Round, surveys: readonly Survey[]): Promise<boolean> {
  const works = surveys.flatMap((survey) => {
    const decision = decide(survey, round.repo, round.rules);
    return 'do' in decision && decision.do === 'keep'
      ? [{ ...workFor(round, survey, surveys, decision), labels: [], merges: false }]
      : [];
  });
  const done = await execute({ ...round, people: NOBODY, mergeMethod: undefined, noun: 'Bumps' }, works);
  return [...done.values()].some(({ state }) => state === 'again');
}

/** The same, without writing: what would be done. */
export function rehearseRound(round: Round, surveys: readonly Survey[]): { outcome: Outcome; writes: boolean }[] {
  return surveys.map((survey) => {
    const decision = decide(survey, round.repo, round.rules);
    if ('state' in decision) {
      return { outcome: decision, writes: false };
    }
    const outcome =
      decision.do === 'nothing'
        ? settled(survey, decision.action, DRY_RUN)
        : outcomeOf(survey, rehearse({ step: decision, open: survey.open }));
    return { outcome, writes: true };
  });
}

function workFor(round: Round, survey: Survey, surveys: readonly Survey[], step: Step): Work {
  const { request, rules, releases } = round;
  const { unit, branch, open, plan, labels } = survey;
  const { environment, target } = unit;
  const { merges, reason } = decideMerge(environmentPolicy(rules.policy, environment), request.merge, rules.now);
  const body = bodyOf(survey, {
    request,
    releases,
    surveys: surveys.filter((other) => other.unit.target.app === target.app),
    repository: nameOf(round),
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
