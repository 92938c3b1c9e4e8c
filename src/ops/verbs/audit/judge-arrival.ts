import type { Connected } from '../../../github/connected.js';
import { isRequestFailure } from '../../../github/errors.js';
import type { EvidenceSource } from '../../evidence/proof-reader.js';
import { factsWithPlans } from '../../judged-pulls/facts-with-plans.js';
import { type Ground, groundName, homeOf, ownOf } from '../../judged-pulls/ground.js';
import { withOrigin } from '../../judged-pulls/rendering-origin.js';
import type { PullPeople } from '../../judgement/approvals.js';
import { approverLogins, type TeamReader } from '../../judgement/approvers.js';
import type { ChangeFacts } from '../../judgement/change-facts.js';
import { evaluateChange, type GateVerdict } from '../../judgement/evaluate-change.js';
import { heldWithBase } from '../../judgement/held-in-base.js';
import { historyAway, UnknownHistory } from '../../judgement/history-away.js';
import { inspectChange } from '../../judgement/inspect-change.js';
import { type JudgedPlace, leftOut, rulesAt } from '../../judgement/judged-place.js';
import { peopleFor } from '../../judgement/people.js';
import type { RepositoryChange } from '../../judgement/repository-change.js';
import type { Venue } from '../../judgement/venue.js';
import type { LedgerSource } from '../../ledger/ledger-cache.js';
import { readLedger } from '../../ledger/read-ledger.js';
import type { HeldOnce } from '../../policy/rules.js';
import type { Arrival } from './arrivals.js';
import type { MergedPull } from './read-merged.js';

/** What judging an arrival takes. */
export interface Bench {
  /** The repository of the policy. */
  ops: Connected;
  /** The branch that it reached, as it is now. */
  ground: Ground;
  source: LedgerSource;
  /** What judged it at a time, where it is not the default branch. */
  rulesAt?: ((time: Date) => Promise<JudgedPlace>) | undefined;
  members: TeamReader;
  /** Where evidence of builds is looked for; missing where nobody looks. */
  evidence?: EvidenceSource | undefined;
  /** Slug of the ops App. */
  app: string;
}

/** An arrival, judged as of its merge. */
export interface JudgedArrival {
  arrival: Arrival;
  pull: MergedPull | undefined;
  /** The rules that did not permit it. */
  refused: readonly Pick<GateVerdict, 'environment' | 'reason'>[];
  /** Why nobody can judge it, a sentence; `undefined` where it was judged. */
  problem: string | undefined;
  /** The branch that it reached, for people: `the default branch`. */
  into: string;
}

/** Versions of an app that are looked back for. */
const LOOK_BACK = 50;

/**
 * Judges what reached a branch as the gate would have when it did: by the policy, holds and history of what was there
 * before, the opinions and the time of the merge. Who is an approver is known of today alone.
 *
 * @throws what a failed request throws
 */
export async function judgeArrival(
  bench: Bench,
  arrival: Arrival,
  pull: MergedPull | undefined,
  change: RepositoryChange,
): Promise<JudgedArrival> {
  const { ops, source, ground, members } = bench;
  const into = groundName(ground);
  const own = ownOf(ground);
  let venue: Venue = { here: ground.at, home: ops, branch: homeOf(ground).branch, judged: ground.judged };
  let facts: ChangeFacts;
  try {
    const judged = await bench.rulesAt?.(arrival.at);
    venue = { ...venue, judged };
    const past = judged === undefined || pull === undefined || pull.isFork ? undefined : leftOut(judged, pull.branch);
    if (judged !== undefined && past !== undefined) {
      const environment = rulesAt(judged).environments.join(', ');
      return { arrival, pull, into, refused: [{ environment, reason: past }], problem: undefined };
    }
    const told = await withOrigin(venue, await inspectChange(change, own.repository, own.branch, judged), pull);
    facts = await factsWithPlans(ground.at, told, pull, { at: arrival.at, isPast: true });
  } catch (error) {
    if (isRequestFailure(error)) {
      throw error;
    }
    const problem = error instanceof Error ? error.message : String(error);
    return { arrival, pull, into, refused: [], problem };
  }
  const before = { oid: arrival.base, branch: ground.branch };
  const away = historyAway(ops, facts.policy, ground.judged?.place, bench.app);
  const evaluated = evaluateChange(facts, {
    people: pull === undefined ? nobody(arrival) : await peopleFor(venue, facts, pull),
    messages: pull?.messages ?? arrival.messages,
    proofs: bench.evidence?.readerFor({
      repository: ground.at.repository,
      head: pull?.head ?? arrival.head,
      texts: [pull?.body ?? '', ...(pull?.messages ?? arrival.messages)],
    }),
    approvers: (environment) => approverLogins(members, environment),
    history: async (environment, app, bases = false): Promise<HeldOnce> => {
      const elsewhere = away({ environment, app, extent: { limit: LOOK_BACK, bases }, now: arrival.at, isPast: true });
      if (elsewhere !== undefined) {
        return elsewhere;
      }
      const ledger = await readLedger(source, before, facts.layout, environment, app, { limit: LOOK_BACK, bases });
      return heldWithBase(change.base.tree, facts.layout, ledger, environment, app, arrival.at);
    },
    // What is merged was merged in time: a freeze that was about to begin had not begun.
    ...{ autoMerge: false, mergesNow: true, allowedSince: undefined },
    now: arrival.at,
  });
  const verdicts = await evaluated.catch((error: unknown) => {
    // What GitHub refuses it refuses the next time, too. What failed is judged by the next run.
    if (error instanceof UnknownHistory && !error.isPassing) {
      return error;
    }
    throw error;
  });
  if (verdicts instanceof UnknownHistory) {
    return { arrival, pull, into, refused: [], problem: verdicts.message };
  }
  const refused = verdicts.filter(({ touched, state }) => touched && state !== 'success');
  return { arrival, pull, into, refused, problem: undefined };
}

/** Nobody approves a push. */
function nobody({ head, pushedBy }: Arrival): PullPeople {
  const none = { isFork: false, reviews: [], starters: { logins: [] } };
  return { ...none, head, author: pushedBy, pushers: { logins: [pushedBy] } };
}
