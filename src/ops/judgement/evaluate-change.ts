import { isReplanFile } from '../../infra/roots/replan-file.js';
import type { Target } from '../carriers/carrier.js';
import { unreportedBefore } from '../live/unreported.js';
import { activeHolds, type Hold } from '../policy/holds.js';
import { environmentPolicy, type PolicyEnvironment } from '../policy/policy.js';
import type { HeldOnce } from '../policy/rules.js';
import { withoutAdmitted } from './admitted-before.js';
import { type ApproverLogins, type JudgedApprovals, judgeApprovals, type PullPeople } from './approvals.js';
import { isDeciding } from './assign-paths.js';
import { type Merging, soonFrozen, type Withdrawal, withdrawalOf } from './before-freeze.js';
import type { ChangeFacts } from './change-facts.js';
import { exemptionFor, exemptionsOf } from './exemption.js';
import type { HeldVersion } from './held-versions.js';
import { judge, type Move, type Verdict } from './judge.js';
import { liftedWithVersions } from './lifted-holds.js';
import { openProofs, type ProofReader, type ProvenImage } from './proof.js';
import { ridersOf, wholeExemption, withRiding } from './riders.js';
import { isBackwards, isRollback } from './rollback.js';

/** What is known of a change beside its files, read from GitHub and from the history of the default branch. */
export interface Circumstances {
  people: PullPeople;
  /** Messages of its commits, oldest first: they claim, and permit nothing. */
  messages: readonly string[];
  /** Who the approvers of an environment are now. */
  approvers(environment: PolicyEnvironment): Promise<ApproverLogins>;
  /**
   * What an environment held of an app, from its files in the history of the default branch; `withBases` from those of its bases,
   * too, which takes more requests.
   */
  history(environment: string, app: string, withBases?: boolean): Promise<HeldOnce>;
  /** Looks for evidence of where images were built; where it is missing, nobody does. */
  proofs?: ProofReader | undefined;
  /** Whether GitHub merges it as soon as it may, and since when its head is allowed; `undefined` where it is not. */
  autoMerge: boolean;
  /** Whether it is merged, or was, at the time that counts: no freeze begins before that. */
  mergesNow?: boolean;
  allowedSince: Date | undefined;
  /** What the gate said last of its head; `undefined` where it said nothing, or allows it. */
  lastReason?(environment: string): string | undefined;
  /**
   * Whether nobody but approvers gets past the policy, because a gate judges; so where it is missing. Without a gate, a reason is
   * enough for `force` where the policy names no approvers.
   */
  isGuarded?: boolean;
  now: Date;
}

/** Whether an environment takes a change, by the rules of the gate. */
export interface GateVerdict extends Verdict {
  /** What comes into the environment, for whoever asks where it was built. */
  targets: readonly Target[];
  /** When it has to be judged again, where it is allowed and a freeze is near. */
  withdrawal?: Withdrawal;
  /** Whether a run that is not over yet may prove what it waits for. */
  awaitsRun?: boolean;
  /** What there is evidence of; missing for nothing. */
  proven?: readonly ProvenImage[];
  /** The environments before it whose healthy time would count, if anything reported it; missing for none. */
  unreported?: readonly string[];
}

/**
 * The verdict of each environment on a change. Texts permit nothing: that a version goes back is read from the history, and a
 * version that is forced needs an approver who stands behind the head.
 *
 * @throws what a failed request throws
 */
export async function evaluateChange(facts: ChangeFacts, circumstances: Circumstances): Promise<GateVerdict[]> {
  const back = await versionsGoingBack(facts, circumstances);
  const isBack = (held: HeldVersion) => back.has(held);
  const lifted = liftedWithVersions({ ...facts, isBack }, circumstances.now);
  const known = new Set(facts.environments);
  return Promise.all(
    facts.environments.map(async (name) => {
      const own = lifted.filter(({ environment }) => environment === name || !known.has(environment));
      const problems = [...(facts.problems.get(name) ?? []), ...own.map(({ problem }) => problem)];
      const messages = problems.map(({ message }) => message);
      const verdict = await verdictOf(facts, circumstances, name, messages, isBack);
      const isMoved = facts.held.some(({ environment, moves }) => environment === name && moves);
      const unreported = isMoved ? unreportedBefore(facts.policy, [name]) : [];
      return unreported.length === 0 ? verdict : { ...verdict, unreported };
    }),
  );
}

/** The versions that take an environment back to what it held. */
async function versionsGoingBack(
  { held, holds }: ChangeFacts,
  { history, now }: Circumstances,
): Promise<Set<HeldVersion>> {
  const moves = held.filter(({ moves: isMoved }) => isMoved);
  const all = await Promise.all(
    moves.map(async (move) => {
      const own = await history(move.environment, move.app);
      const isBack = isRollback(move, own, holds, now);
      // What a base alone said is not in the history of the environment's own files.
      return isBack || !isBackwards(move, own, holds, now)
        ? isBack
        : isRollback(move, await history(move.environment, move.app, true), holds, now);
    }),
  );
  return new Set(moves.filter((_, index) => all[index]));
}

async function verdictOf(
  facts: ChangeFacts,
  circumstances: Circumstances,
  name: string,
  problems: readonly string[],
  isBack: (held: HeldVersion) => boolean,
): Promise<GateVerdict> {
  const { people, messages, history, now, isGuarded = true } = circumstances;
  const rules = { ...environmentPolicy(facts.policy, name), isGuarded };
  const paths = facts.assignment.paths.filter(({ environments }) => environments.includes(name));
  // What only decides takes approvals, and is kept out by no freeze: else nobody could end one.
  const touched = paths.some(({ path }) => !isDeciding(path)) || facts.takes?.has(name) === true;
  // A file that only asks for a plan of a root is a change of that root, and of no rule.
  const asksOnly = (path: string) => isReplanFile(path) && facts.takes?.has(name) === true;
  const ruled = facts.ruled.has(name) || paths.some(({ path }) => isDeciding(path) && !asksOnly(path));
  const held = facts.held.filter(({ environment, moves }) => environment === name && moves);
  const { layout, assignment } = facts;
  const riders = await ridersOf(
    {
      ...{ environment: name, layout, before: assignment.before, after: assignment.after },
      paths: paths.map(({ path }) => path),
    },
    held.map((move) => ({ app: move.app, targets: move.targets, isBack: isBack(move) })),
  );
  const isAllBack = held.length > 0 && held.every(isBack) && riders.isOnly && riders.riding.length === 0;
  const byHand = facts.byHand?.get(name) ?? [];
  const doubts = [...(facts.doubts?.get(name) ?? []), ...byHand];
  const approvals = withDoubts(
    judgeApprovals(rules, await circumstances.approvers(rules), asPlanned(people, facts, name), isAllBack),
    rules.approvers.length === 0 ? [] : doubts,
  );
  const unread =
    rules.approvers.length === 0
      ? doubts.map((each) => `${each} ${byHand.includes(each) ? byMachine(name) : inClear(name)}`)
      : [];
  const claims = exemptionsOf(messages, name).filter(({ isRollback: isClaim }) => !isClaim);
  const forced = held.filter((move) => exemptionFor(claims, move) !== undefined);
  const isBacked = approvals.isBacked || (!isGuarded && rules.approvers.length === 0);
  const reasonOf = (move: HeldVersion) =>
    isBack(move) ? 'a rollback' : isBacked ? exemptionFor(claims, move)?.reason : undefined;
  const moves = await Promise.all(
    held.map(async (move): Promise<Move> => {
      const before = rules.after.map(async (each) => [each, await history(each, move.app)] as const);
      return {
        ...move,
        before: new Map(await Promise.all(before)),
        holds: holdsOn(facts, move, isBack(move), now),
        exempt: reasonOf(move),
      };
    }),
  );
  const exempt = wholeExemption(
    riders,
    moves.map((move) => move.exempt),
  );
  const unproven = await withoutAdmitted(everywhere(facts), facts.unproven?.get(name) ?? [], history);
  const { proven, refused, waiting } = await openProofs(name, unproven, circumstances.proofs);
  const awaited = [...(facts.waiting?.get(name) ?? []), ...waiting];
  const verdict = judge({
    ...{ policy: rules, touched, ruled, moves, now, problems: [...problems, ...unread, ...refused], waiting: awaited },
    ...(facts.takes === undefined ? {} : { roots: facts.takes.get(name) ?? [] }),
    approvals: withForce({ ...approvals, isBacked }, forced),
    exempt,
    remarks: byHand,
    soon: soonFrozen(rules, mergingOf(circumstances, name)),
  });
  const said = { targets: held.flatMap((each) => each.targets), ...(proven.length === 0 ? {} : { proven }) };
  if (verdict.state !== 'success') {
    const awaitsRun = verdict.state === 'pending' && waiting.length > 0 && circumstances.proofs !== undefined;
    return { ...withRiding(verdict, riders), ...said, ...(awaitsRun ? { awaitsRun } : {}) };
  }
  const withdrawal = touched && exempt === undefined ? withdrawalOf(rules, mergingOf(circumstances, name)) : undefined;
  return { ...verdict, ...said, ...(withdrawal === undefined ? {} : { withdrawal }) };
}

/** Who approved before something else was planned approved something else. */
function asPlanned(people: PullPeople, { plannedAt }: ChangeFacts, name: string): PullPeople {
  const at = plannedAt?.get(name);
  return at === undefined ? people : { ...people, plannedAt: at };
}

/** With the environments that live on other branches: what one of them has, with the same evidence, was proven there. */
function everywhere(facts: ChangeFacts): ChangeFacts {
  const declared = facts.policy.environments.map(({ name }) => name);
  return { ...facts, environments: [...new Set([...facts.environments, ...declared])] };
}

/** What nobody can read takes somebody who stands behind it, also where a rollback takes nobody else. */
function withDoubts(approvals: JudgedApprovals, doubts: readonly string[]): JudgedApprovals {
  return doubts.length === 0
    ? approvals
    : { ...approvals, needed: Math.max(1, approvals.needed), uncounted: [...approvals.uncounted, ...doubts] };
}

function inClear(environment: string): string {
  return `Write what says a version in clear, or name approvers of ${environment} in ostack.yaml, in a pull request of its own, who then answer for it.`;
}

function byMachine(environment: string): string {
  return `Let materialize propose it, with the ops App (\`mode: pull-request\`), or name approvers of ${environment} in ostack.yaml, who then answer for it.`;
}

/** Says what a claim of force lacks. */
function withForce(approvals: JudgedApprovals, forced: readonly HeldVersion[]): JudgedApprovals {
  const claim =
    forced.length === 0 || approvals.isBacked
      ? []
      : ['It says that it is forced: that counts once one of the approvers approves it.'];
  return { ...approvals, uncounted: [...approvals.uncounted, ...claim] };
}

/**
 * The holds that a version has to keep to: all that are on, because whoever adds one asks nobody and must not get past another
 * by it. Only one that goes back may replace a hold, and keeps to the newest.
 */
function holdsOn(
  { currentHolds, holds }: ChangeFacts,
  { environment, app }: HeldVersion,
  isBack: boolean,
  now: Date,
): Hold[] {
  if (isBack) {
    return activeHolds(holds, environment, app, now).slice(0, 1);
  }
  return [currentHolds, holds].flatMap((list) => activeHolds(list, environment, app, now));
}

function mergingOf(
  { autoMerge, mergesNow = false, allowedSince, lastReason, now }: Circumstances,
  name: string,
): Merging {
  return { autoMerge, mergesNow, since: allowedSince, lastReason: lastReason?.(name), now };
}
