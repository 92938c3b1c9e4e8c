import type { Connected } from '../../github/connected.js';
import { isRequestFailure } from '../../github/errors.js';
import { repositoryReader } from '../../github/repository-reader.js';
import type { EvidenceSource } from '../evidence/proof-reader.js';
import { approverLogins, type TeamReader } from '../judgement/approvers.js';
import type { PathOwners } from '../judgement/assign-paths.js';
import type { ChangeFacts } from '../judgement/change-facts.js';
import { evaluateChange } from '../judgement/evaluate-change.js';
import type { JudgedPull } from '../judgement/head-verdict.js';
import { heldWithBase } from '../judgement/held-in-base.js';
import { type HistoryAway, historyAway } from '../judgement/history-away.js';
import { inspectChange } from '../judgement/inspect-change.js';
import { leftOut } from '../judgement/judged-place.js';
import { type OpenPreviews, openPreviews } from '../judgement/open-previews.js';
import { peopleFor } from '../judgement/people.js';
import type { RepositoryChange } from '../judgement/repository-change.js';
import { readArrivalTimes } from '../ledger/arrival-times.js';
import { readLedger } from '../ledger/read-ledger.js';
import { type HealthReader, healthReader } from '../live/environment-health.js';
import { environmentCheckOf, GATE_CHECK } from '../policy/gate-check.js';
import { provesImages } from '../policy/image-rules.js';
import { environmentPolicy } from '../policy/policy.js';
import type { HeldOnce } from '../policy/rules.js';
import { factsWithPlans } from './facts-with-plans.js';
import type { PullChange } from './fetch-changes.js';
import { checkOf, type Ground, homeOf, ownOf } from './ground.js';
import type { OpenPull } from './open-pulls.js';
import { withOrigin } from './rendering-origin.js';

/** What judging pull requests takes. */
export interface Bench {
  /** The repository of the policy. */
  ops: Connected;
  /** The branch that they go into, and its commit at which they are judged. */
  main: Ground;
  members: TeamReader;
  /** Where evidence of builds is looked for; missing where nobody looks. */
  evidence?: EvidenceSource | undefined;
  /** Slug of the ops App; missing where nobody knows it. */
  app?: string;
  /** Whether what is allowed is merged in this very moment. */
  mergesNow?: boolean;
  /** Whether the gate is required there; so where it is missing. */
  isGuarded?: boolean;
  now: Date;
}

/** Versions of an app that are looked back for. */
const LOOK_BACK = 50;

/** A pull request, judged, with what a person should know. */
export interface Judgement extends JudgedPull {
  notes: readonly string[];
  /** Whose each changed path is; none where it was not judged. */
  paths: readonly PathOwners[];
  /** The environments into which something may come that nobody has to prove; missing where it was not judged. */
  unproven?: readonly string[];
  /** The cluster that takes previews without confining them as the policy says; missing for none. */
  openPreviews?: OpenPreviews | undefined;
}

/**
 * Judges open pull requests at one commit of the branch that they go into. One that cannot be judged is refused, and the others are
 * judged all the same.
 *
 * @throws what a failed request throws
 */
export async function judgePulls(
  bench: Bench,
  pulls: readonly OpenPull[],
  changes: ReadonlyMap<number, PullChange>,
): Promise<Judgement[]> {
  const { main } = bench;
  const { at } = main;
  const reader = repositoryReader(at.github, at.repository, 'Gate');
  const healthOf = healthReader({ ops: at, reader, head: main.oid }, () => bench.now);
  const source = { ...at, reader, times: () => readArrivalTimes(at, main), healthOf };
  const away = awayOnce(bench);
  const judged: Judgement[] = [];
  for (const pull of pulls) {
    const refused = main.refused === undefined ? undefined : { problem: main.refused };
    const found = refused ?? changes.get(pull.number) ?? { problem: 'It was not fetched.' };
    judged.push(
      'problem' in found
        ? notJudged(pull, found.problem)
        : await orRefused(pull, () => judgeOne(bench, source, away, pull, found.change)),
    );
  }
  return judged;
}

/** A pull request whose files break what judges it keeps nobody from judging the others. */
async function orRefused(pull: OpenPull, judging: () => Promise<Judgement>): Promise<Judgement> {
  try {
    return await judging();
  } catch (error) {
    if (isRequestFailure(error)) {
      throw error;
    }
    return notJudged(pull, `It could not be judged: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

function notJudged({ number, head }: OpenPull, problem: string): Judgement {
  return { number, head, verdicts: [], problem, notes: [], paths: [] };
}

/** What lives elsewhere is read once for all pull requests, whose base has one policy. */
function awayOnce({ ops, main, app }: Bench): (facts: ChangeFacts) => HistoryAway {
  let known: HistoryAway | undefined;
  return ({ policy }) => {
    known ??= historyAway(ops, policy, main.judged?.place, app);
    return known;
  };
}

/**
 * Since when GitHub may merge a head: since all of its environments allow it. That one of them did so before gives GitHub no time.
 *
 * @param checks the check runs of the head, by name
 * @param gate the one that is required
 * @returns `undefined` where it may not
 */
export function allowedSince(checks: OpenPull['checks'], gate = GATE_CHECK): Date | undefined {
  const known = checks.get(gate);
  return known?.conclusion === 'success' ? known.completedAt : undefined;
}

type Source = Parameters<typeof readLedger>[0] & { healthOf: HealthReader };

async function judgeOne(
  bench: Bench,
  source: Source,
  awayOf: (facts: ChangeFacts) => HistoryAway,
  pull: OpenPull,
  change: RepositoryChange,
): Promise<Judgement> {
  const { main, now } = bench;
  const { judged } = main;
  const past = judged === undefined || pull.isFork ? undefined : leftOut(judged, pull.branch);
  if (past !== undefined) {
    return notJudged(pull, past);
  }
  const venue = { here: main.at, home: bench.ops, branch: homeOf(main).branch, judged };
  let facts: ChangeFacts;
  try {
    const own = ownOf(main);
    const found = await inspectChange(change, own.repository, own.branch, judged);
    // Whoever merges now does not know the App: where its check is required, that says who made what is rendered.
    const isLeft = bench.mergesNow === true && bench.isGuarded !== false;
    const told = isLeft ? found : await withOrigin(venue, found, pull);
    facts = await factsWithPlans(main.at, told, pull, { at: now, isPast: false });
  } catch (error) {
    if (isRequestFailure(error)) {
      throw error;
    }
    // The policy in force cannot be read, so nobody can judge anything by it.
    return notJudged(pull, error instanceof Error ? error.message : String(error));
  }
  const away = awayOf(facts);
  const gate = checkOf(main);
  const verdicts = await evaluateChange(facts, {
    people: await peopleFor(venue, facts, pull),
    messages: pull.messages,
    approvers: (environment) => approverLogins(bench.members, environment),
    history: async (environment, app, bases = false): Promise<HeldOnce> => {
      const elsewhere = away({ environment, app, extent: { limit: LOOK_BACK, bases }, now });
      if (elsewhere !== undefined) {
        return elsewhere;
      }
      const ledger = await readLedger(source, main, facts.layout, environment, app, { limit: LOOK_BACK, bases });
      const held = await heldWithBase(change.base.tree, facts.layout, ledger, environment, app, now);
      return source.healthOf(facts.layout, environmentPolicy(facts.policy, environment), held);
    },
    proofs: bench.evidence?.readerFor({
      ...{ repository: main.at.repository, head: pull.head, texts: [pull.body ?? '', ...pull.messages] },
    }),
    autoMerge: pull.autoMerge,
    mergesNow: bench.mergesNow === true,
    isGuarded: bench.isGuarded !== false,
    allowedSince: allowedSince(pull.checks, gate),
    lastReason: (environment) => {
      const known = pull.checks.get(environmentCheckOf(gate, environment));
      return known?.conclusion === 'success' ? undefined : known?.title;
    },
    now,
  });
  return {
    number: pull.number,
    head: pull.head,
    verdicts,
    problem: undefined,
    notes: facts.notes,
    paths: facts.assignment.paths,
    // Their cluster is of the default branch.
    openPreviews:
      judged === undefined && facts.changedRoots === undefined
        ? await openPreviews(change.base.tree, facts.policy, bench.ops.repository)
        : undefined,
    // No image comes into infrastructure.
    ...(facts.changedRoots === undefined && {
      unproven: facts.environments.filter((name) => !provesImages(environmentPolicy(facts.policy, name).images ?? [])),
    }),
  };
}
