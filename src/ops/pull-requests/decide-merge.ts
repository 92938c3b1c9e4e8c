import { isRequestFailure } from '../../github/errors.js';
import { isoSeconds } from '../../report/time.js';
import type { ApproverLogins } from '../judgement/approvals.js';
import { approverLogins, teamReader } from '../judgement/approvers.js';
import { isNearFreeze } from '../judgement/before-freeze.js';
import { type Circumstances, evaluateChange, type GateVerdict } from '../judgement/evaluate-change.js';
import { heldWithBase } from '../judgement/held-in-base.js';
import { type Judged, plannedFacts } from '../judgement/own-change.js';
import { ranOnce } from '../judgement/ran-once.js';
import { LOOK_BACK, readLedger } from '../ledger/read-ledger.js';
import { readState, withLayers } from '../overlays/app-state.js';
import { frozenUntil } from '../policy/freeze.js';
import {
  type BranchRules,
  decideMerge,
  type MergeDecision,
  NOT_WISHED,
  type NotYet,
} from '../policy/merge-decision.js';
import { environmentPolicy, type PolicyEnvironment } from '../policy/policy.js';
import type { HeldOnce } from '../policy/rules.js';
import type { Snapshot } from '../repository/snapshot.js';
import { snapshotAt } from '../repository/snapshot-at.js';
import type { PlannedChange } from './planned.js';
import type { Proposal } from './proposal.js';

/**
 * Decides whether a proposal is merged now: by the rules of the gate, asked of the change that is planned. Nobody can have
 * approved what is about to be opened, so what takes approvals waits for them.
 *
 * @param starters logins of those who started the run
 * @throws what a failed request throws
 */
export async function decideOn(
  snapshot: Snapshot,
  proposal: Proposal,
  planned: PlannedChange,
  starters: readonly string[],
): Promise<MergeDecision> {
  if (!proposal.merges) {
    return NOT_WISHED;
  }
  return decideMerge(await notYetOf(snapshot, proposal, planned, starters), rulesAt(snapshot));
}

/** What the branch asks. What merges what is due looks at the branches of the policy's own repository, and knows no roots. */
export function rulesAt({
  repo,
  place,
  infra,
}: Pick<Snapshot, 'place' | 'infra'> & { repo: BranchRules }): BranchRules {
  return { ...repo, isUnwatched: place.repository !== undefined || infra !== undefined };
}

async function notYetOf(
  snapshot: Snapshot,
  proposal: Proposal,
  planned: PlannedChange,
  starters: readonly string[],
): Promise<NotYet | undefined> {
  const { judged } = proposal;
  if (judged === undefined || !mayWait(snapshot, judged)) {
    return undefined;
  }
  const isLater = mergesLater(snapshot.repo);
  try {
    return await firstTime(snapshot.now, await judgeOf(snapshot, judged, proposal, planned, starters), isLater);
  } catch (error) {
    if (isRequestFailure(error) || !(error instanceof Error)) {
      throw error;
    }
    // What nobody can judge is let in by nobody.
    return { fact: error.message, until: undefined };
  }
}

/** Whether GitHub merges what is allowed now at a time that nobody knows, and asks no gate then. */
function mergesLater({ guarded, gated }: Pick<BranchRules, 'guarded' | 'gated'>): boolean {
  return guarded && !gated;
}

/** Whether the policy, or a hold, may keep a change back now: else nothing has to be read to judge it. */
export function mayWait(
  { policy, holds, now, repo }: Pick<Snapshot, 'policy' | 'holds' | 'now' | 'repo'>,
  { environments }: Pick<Judged, 'environments'>,
): boolean {
  return (
    holds.length > 0 ||
    environments.some((name) => {
      const rules = environmentPolicy(policy, name);
      const isNear = mergesLater(repo) && isNearFreeze(rules, now);
      const asked = rules.after.length + rules.approvers.length + (rules.images ?? []).length;
      return asked > 0 || isNear || frozenUntil(rules.freeze, now) !== undefined;
    })
  );
}

/** The verdicts of a change at a time. */
type Judge = (now: Date) => Promise<GateVerdict[]>;

async function judgeOf(
  snapshot: Snapshot,
  judged: Judged,
  proposal: Proposal,
  planned: PlannedChange,
  starters: readonly string[],
): Promise<Judge> {
  const { headline, body } = proposal.message(planned);
  const history = historyOf(snapshot, judged);
  // All at once, so that it is one request.
  const asked = judged.environments.flatMap((environment) =>
    [environment, ...environmentPolicy(snapshot.policy, environment).after].flatMap((name) =>
      judged.apps.map((app) => history(name, app)),
    ),
  );
  const [facts] = await Promise.all([plannedFacts(snapshot, planned.change, judged), ...asked]);
  const circumstances = {
    people: {
      ...{ head: '', author: undefined, isFork: false, reviews: [] },
      ...{ starters: { logins: starters }, pushers: { logins: [] } },
    },
    messages: [`${headline}\n\n${body}`],
    approvers: (environment: PolicyEnvironment) => approversOf(snapshot, environment, starters),
    history,
    // Where no rules hold it back it is merged at once, or not at all.
    ...{ autoMerge: true, mergesNow: !snapshot.repo.guarded, allowedSince: undefined },
    isGuarded: snapshot.repo.gated,
  };
  return (now) => evaluateChange(facts, { ...circumstances, now });
}

/** Who is in a team matters only for who started it: nobody else stands behind it yet. */
async function approversOf(
  { ops }: Snapshot,
  environment: PolicyEnvironment,
  starters: readonly string[],
): Promise<ApproverLogins> {
  return starters.length === 0
    ? { logins: environment.approvers.filter((each) => !each.includes('/')), unseen: [] }
    : approverLogins(teamReader(ops.github), environment);
}

/**
 * What environments held, each read once and where it runs. A commit that no pull request brought is as old as it claims: what
 * gets past that is seen by the gate, and without one anybody who may push could merge as well.
 */
function historyOf(snapshot: Snapshot, { layout }: Judged): Circumstances['history'] {
  const known = new Map<string, Promise<HeldOnce>>();
  const read = async (environment: string, app: string, bases: boolean) => {
    const here = { ...snapshot, layout };
    const there = await snapshotAt(here, environment, app);
    const { ops, repo, tree, reader, now } = there;
    const main = { oid: repo.baseOid, branch: repo.base };
    const source = { ...ops, reader, base: tree };
    const [ledger] = await Promise.all([
      readLedger(source, main, there.layout, environment, app, { limit: LOOK_BACK, bases }),
      // What is looked at then, in the same request.
      readState(tree, there.layout, environment, app).then((state) => withLayers(tree, there.layout, state)),
    ]);
    const held = await heldWithBase(tree, there.layout, ledger, environment, app, now);
    return ranOnce(here, environment, app, held);
  };
  return (environment, app, withBases = false) => {
    const key = `${environment}/${app}${withBases ? ' and its bases' : ''}`;
    const held = known.get(key) ?? read(environment, app, withBases);
    known.set(key, held);
    return held;
  };
}

/** How many times, one after the other, are looked at. */
const MOST_TIMES = 4;

/**
 * What keeps a change back, and when it ends. What ends by itself may be followed by something else: a soak time by a freeze, a
 * freeze by an approval that is missing. All of it is told, and a time only where nothing is against it then.
 */
async function firstTime(now: Date, judge: Judge, isLater: boolean): Promise<NotYet | undefined> {
  const facts = new Set<string>();
  let at: Date | undefined = now;
  for (let times = 0; times < MOST_TIMES && at !== undefined; times++) {
    const verdicts: GateVerdict[] = await judge(at);
    const against = worst(verdicts) ?? (isLater ? intoFreeze(verdicts) : undefined);
    if (against === undefined) {
      return facts.size === 0 ? undefined : { fact: [...facts].join(' '), until: at };
    }
    facts.add(against.fact);
    at = against.until;
  }
  return { fact: [...facts].join(' '), until: undefined };
}

/** GitHub does not ask the policy: what it is to merge once its checks are through must not come into a freeze. */
function intoFreeze(verdicts: readonly GateVerdict[]): NotYet | undefined {
  const near = verdicts.find(({ withdrawal }) => withdrawal !== undefined && withdrawal.hour === undefined);
  return near?.withdrawal === undefined
    ? undefined
    : {
        fact: `${near.environment} freezes at ${isoSeconds(near.withdrawal.freezesAt)}, and its checks may take longer.`,
        until: undefined,
      };
}

/** What keeps a change back: what takes somebody to change something, else what takes the longest. */
function worst(verdicts: readonly GateVerdict[]): NotYet | undefined {
  const against = verdicts.filter(({ state }) => state !== 'success');
  const failures = against.filter(({ state }) => state === 'failure');
  const told = failures.length > 0 ? failures : against;
  const [first] = told;
  if (first === undefined) {
    return undefined;
  }
  const ends = told.map(({ until }) => until?.getTime());
  const isTimed = ends.every((end) => end !== undefined);
  return {
    fact: told.map(({ fact, reason }) => fact ?? reason).join(' '),
    until: isTimed ? new Date(Math.max(...ends)) : undefined,
  };
}
