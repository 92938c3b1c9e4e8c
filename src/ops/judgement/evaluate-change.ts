import type { Target } from '../carriers/carrier.js';
import { appsOfPath, overlaysOfPath } from '../overlays/overlays-of-path.js';
import { activeHolds, HOLDS_FILE, type Hold } from '../policy/holds.js';
import { environmentPolicy, type PolicyEnvironment } from '../policy/policy.js';
import type { HeldOnce } from '../policy/rules.js';
import { type ApproverLogins, type JudgedApprovals, judgeApprovals, type PullPeople } from './approvals.js';
import { isDeciding } from './assign-paths.js';
import { type Merging, soonFrozen, type Withdrawal, withdrawalOf } from './before-freeze.js';
import { exemptionFor, exemptionsOf } from './exemption.js';
import type { HeldVersion } from './held-versions.js';
import type { ChangeFacts } from './inspect-change.js';
import { judge, type Move, type Verdict } from './judge.js';
import { liftedWithVersions } from './lifted-holds.js';
import { changesOnlyVersions } from './only-versions.js';
import { isRollback } from './rollback.js';

/** What is known of a change beside its files, read from GitHub and from the history of the default branch. */
export interface Circumstances {
  people: PullPeople;
  /** Messages of its commits, oldest first: they claim, and permit nothing. */
  messages: readonly string[];
  /** Who the approvers of an environment are now. */
  approvers(environment: PolicyEnvironment): Promise<ApproverLogins>;
  /** What an environment held of an app, from its files in the history of the default branch. */
  history(environment: string, app: string): Promise<HeldOnce>;
  /** Whether GitHub merges it as soon as it may, and since when its head is allowed; `undefined` where it is not. */
  autoMerge: boolean;
  /** Whether it is merged, or was, at the time that counts: no freeze begins before that. */
  mergesNow?: boolean;
  allowedSince(environment: string): Date | undefined;
  /** What the gate said last of its head; `undefined` where it said nothing, or allows it. */
  lastReason?(environment: string): string | undefined;
  now: Date;
}

/** Whether an environment takes a change, by the rules of the gate. */
export interface GateVerdict extends Verdict {
  /** What comes into the environment, for whoever asks where it was built. */
  targets: readonly Target[];
  /** When it has to be judged again, where it is allowed and a freeze is near. */
  withdrawal?: Withdrawal;
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
    facts.environments.map((name) => {
      const own = lifted.filter(({ environment }) => environment === name || !known.has(environment));
      const problems = [...(facts.problems.get(name) ?? []), ...own.map(({ problem }) => problem)];
      return verdictOf(
        facts,
        circumstances,
        name,
        problems.map(({ message }) => message),
        isBack,
      );
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
    moves.map(async (move) => isRollback(move, await history(move.environment, move.app), holds, now)),
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
  const { people, messages, history, now } = circumstances;
  const rules = { ...environmentPolicy(facts.policy, name), isGuarded: true };
  const paths = facts.assignment.paths.filter(({ environments }) => environments.includes(name));
  // What only decides takes approvals, and is kept out by no freeze: else nobody could end one.
  const touched = paths.some(({ path }) => !isDeciding(path));
  const ruled = facts.ruled.has(name) || paths.some(({ path }) => isDeciding(path));
  const held = facts.held.filter(({ environment, moves }) => environment === name && moves);
  const isOnly = isOnlyOf(facts, name, held);
  const riding = isOnly && held.some(isBack) ? await ridingAlong(facts, name) : [];
  const isAllBack = held.length > 0 && held.every(isBack) && isOnly && riding.length === 0;
  const approvals = judgeApprovals(rules, await circumstances.approvers(rules), people, isAllBack);
  const claims = exemptionsOf(messages, name).filter(({ isRollback: isClaim }) => !isClaim);
  const forced = held.filter((move) => exemptionFor(claims, move) !== undefined);
  const reasonOf = (move: HeldVersion) =>
    isBack(move) ? 'a rollback' : approvals.isBacked ? exemptionFor(claims, move)?.reason : undefined;
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
  const isAllExempt =
    moves.length > 0 && moves.every(({ exempt }) => exempt !== undefined) && isOnly && riding.length === 0;
  const verdict = judge({
    ...{ policy: rules, touched, ruled, moves, now, problems },
    approvals: withForce(approvals, forced),
    exempt: isAllExempt ? moves[0]?.exempt : undefined,
    soon: soonFrozen(rules, mergingOf(circumstances, name)),
  });
  const targets = held.flatMap((each) => each.targets);
  if (verdict.state !== 'success') {
    return { ...(verdict.state === 'pending' ? withRiding(verdict, riding) : verdict), targets };
  }
  const withdrawal = touched && !isAllExempt ? withdrawalOf(rules, mergingOf(circumstances, name)) : undefined;
  return { ...verdict, targets, ...(withdrawal === undefined ? {} : { withdrawal }) };
}

/** Says why a rollback is not let in at once. */
function withRiding(verdict: Verdict, riding: readonly string[]): Verdict {
  return riding.length === 0
    ? verdict
    : {
        ...verdict,
        reason: `${verdict.reason} It is no rollback alone: ${riding.join(', ')} ${riding.length === 1 ? 'changes' : 'change'} in more than versions.`,
      };
}

/** Files of an environment's apps that a change alters in more than their versions. */
async function ridingAlong({ assignment, layout }: ChangeFacts, environment: string): Promise<string[]> {
  const { before, after } = assignment;
  const own = assignment.paths.filter(({ path, environments }) => {
    // In a group, what was promoted with a version goes back with it: patches, and what refers to them.
    const isOfApp = overlaysOfPath(layout, path).some(({ app }) => app !== '');
    return environments.includes(environment) && path !== HOLDS_FILE && isOfApp;
  });
  const all = await Promise.all(
    own.map(async ({ path }) => ((await changesOnlyVersions(before, after, path)) ? [] : [path])),
  );
  return all.flat();
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

/** Whether all that a change alters in an environment is in files of these apps, or in what they share. */
function isOnlyOf({ assignment, layout }: ChangeFacts, environment: string, held: readonly HeldVersion[]): boolean {
  const apps = new Set(held.map(({ app }) => app));
  const paths = assignment.paths.filter(({ environments }) => environments.includes(environment));
  return paths.every(
    ({ path }) => path === HOLDS_FILE || appsOfPath(layout, environment, path)?.every((app) => apps.has(app)) === true,
  );
}

function mergingOf(
  { autoMerge, mergesNow = false, allowedSince, lastReason, now }: Circumstances,
  name: string,
): Merging {
  return { autoMerge, mergesNow, since: allowedSince(name), lastReason: lastReason?.(name), now };
}
