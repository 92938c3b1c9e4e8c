import { isoSeconds } from '../../../report/time.js';
import { type HeadVerdict, headVerdicts, type JudgedPull } from '../../judgement/head-verdict.js';
import type { RepositoryState } from '../../repository/repository-state.js';
import type { DuePull } from './due-pulls.js';
import { openChecks } from './open-checks.js';

/** What is done about a pull request that is to be merged as soon as the policy allows it. */
export type Step =
  /** Merge it now. */
  | { do: 'merge' }
  /** Have GitHub merge it once its own rules are met: by auto-merge, or in its queue. */
  | { do: 'hand over' }
  /** GitHub sees to it already. */
  | { do: 'leave'; reason: string }
  | { do: 'wait'; reason: string; until: Date | undefined };

/** A pull request, and what is done about it. */
export interface PlannedMerge {
  pull: DuePull;
  step: Step;
}

/** What of the repository says who merges. */
export type MergeRules = Pick<RepositoryState, 'guarded' | 'gated' | 'autoMergeAllowed' | 'mergeQueue'>;

/** Whether GitHub can merge by itself what waits for its rules. */
export function isHandedOver({ guarded, autoMergeAllowed, mergeQueue }: MergeRules): boolean {
  return guarded && (autoMergeAllowed || mergeQueue);
}

/**
 * Decides about each pull request, urgent ones first and then the oldest. What is judged as the gate judges it; a label
 * permits nothing, and neither does what a check of the policy said before.
 *
 * 1. From a fork, a draft, or one whose changes somebody asked for: it waits for a person.
 * 2. The policy does not allow it: it waits, until when is said.
 * 3. GitHub merges it already: it is left. Where its rules are all that is missing, GitHub is asked to.
 * 4. A check is missing, pending or red: it waits for that.
 * 5. It is merged, unless rules of the branch hold it back.
 *
 * @param judged verdicts on them
 * @param checks names of checks that have to be there
 */
export function planMerges(
  pulls: readonly DuePull[],
  judged: readonly JudgedPull[],
  rules: MergeRules,
  checks: readonly string[],
): PlannedMerge[] {
  const sorted = [...pulls].sort(
    (one, other) => Number(other.isUrgent) - Number(one.isUrgent) || one.number - other.number,
  );
  return sorted.map((pull) => ({ pull, step: stepFor(pull, verdictOn(pull, judged), rules, checks) }));
}

/** The verdict on a pull request; a twin, which was not judged, counts for its head. */
function verdictOn(pull: DuePull, judged: readonly JudgedPull[]): HeadVerdict | undefined {
  const own = judged.find(({ number }) => number === pull.number);
  const twins = pull.twins.map((number) => ({ number, head: pull.head, verdicts: [], problem: undefined }));
  return own === undefined ? undefined : headVerdicts([own, ...twins])[0];
}

function stepFor(pull: DuePull, verdict: HeadVerdict | undefined, rules: MergeRules, checks: readonly string[]): Step {
  const reason = waitsForPerson(pull);
  if (reason !== undefined) {
    return { do: 'wait', reason, until: undefined };
  }
  if (verdict?.isAllowed !== true) {
    return notAllowed(pull, verdict, rules);
  }
  if (pull.isQueued || pull.autoMerge) {
    return { do: 'leave', reason: `GitHub merges it ${pull.isQueued ? 'in its queue' : 'when its checks allow'}` };
  }
  const open = openChecks(pull.reported, checks);
  if (isHandedOver(rules) && (rules.mergeQueue || open !== undefined || pull.mergeState === 'BLOCKED')) {
    return handOver(verdict, rules);
  }
  const held = open ?? heldByRules(pull);
  return held === undefined ? { do: 'merge' } : { do: 'wait', reason: held, until: undefined };
}

/** GitHub does not ask the policy: what it is to merge later by itself must not come into a freeze. */
function handOver({ pulls }: HeadVerdict, { gated }: MergeRules): Step {
  const near = gated ? undefined : pulls.flatMap(({ verdicts }) => verdicts).find(({ withdrawal }) => withdrawal);
  return near?.withdrawal === undefined
    ? { do: 'hand over' }
    : {
        do: 'wait',
        reason: `${near.environment} freezes at ${isoSeconds(near.withdrawal.freezesAt)}, and its checks are not through: GitHub would merge it whenever they are`,
        until: undefined,
      };
}

function waitsForPerson({ isFork, isDraft, reviews }: DuePull): string | undefined {
  if (isFork) {
    return 'it comes from a fork, and only a person merges those';
  }
  if (isDraft) {
    return 'it is a draft';
  }
  // In a public repository anybody may review; who may not write holds nothing back.
  const against = reviews.filter(
    ({ isBot, state, mayWrite }) => !isBot && mayWrite !== false && state === 'CHANGES_REQUESTED',
  );
  return against.length === 0 ? undefined : `${against.map(({ login }) => login).join(', ')} requested changes`;
}

function notAllowed(pull: DuePull, verdict: HeadVerdict | undefined, { gated }: MergeRules): Step {
  const waiting = (verdict?.pulls ?? []).flatMap(({ verdicts }) => verdicts).filter(({ state }) => state === 'pending');
  const times = waiting.flatMap(({ until }) => until?.getTime() ?? []);
  const isPassing = verdict?.title.startsWith('Not yet') === true;
  const isTimed = isPassing && times.length === waiting.length && times.length > 0;
  const all = waiting.map(({ environment, reason }) => `${environment}: ${reason}`).join(' ');
  const past = pull.autoMerge && !gated ? ' Auto-merge is on, and GitHub does not ask the policy: turn it off.' : '';
  return {
    do: 'wait',
    reason: `${isPassing ? all : (verdict?.title ?? 'It was not judged.')}${past}`,
    until: isTimed ? new Date(Math.max(...times)) : undefined,
  };
}

function heldByRules({ mergeState }: DuePull): string | undefined {
  const reasons: Readonly<Record<string, string>> = {
    BEHIND: 'the rules of the branch ask for it to be up to date: update it',
    BLOCKED: 'rules of the branch hold it back: a required check or review is missing',
    DIRTY: 'it conflicts with the branch that it goes into',
    DRAFT: 'it is a draft',
  };
  return reasons[mergeState];
}
