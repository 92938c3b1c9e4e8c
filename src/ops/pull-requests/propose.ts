import { setTimeout as sleep } from 'node:timers/promises';
import { type Connected, nameOf } from '../../github/connected.js';
import type { BranchView } from '../repository/open-repository.js';
import { type Snapshot, type TakeSnapshot, takeSnapshot } from '../repository/snapshot.js';
import { applyDirectly } from './apply-directly.js';
import { applyPullRequests } from './apply-pull-requests.js';
import { asUrgent } from './as-urgent.js';
import { checkPoints } from './check-points.js';
import { isTooFast, minuteOf } from './content-pace.js';
import { disableAutoMerge } from './disable-auto-merge.js';
import type { ProposeOptions } from './options.js';
import { collect } from './outcome.js';
import type { Proposal, ProposalReport } from './proposal.js';
import { refreshBodies } from './refresh-bodies.js';
import { rehearseAll } from './rehearse.js';
import { isOpen, noteOutcome, type Run } from './run.js';
import { type Survey, survey } from './survey.js';
import { onceInto } from './warnings.js';
import { checksBaseAgainIn } from './write-context.js';

/**
 * Makes the proposals of one snapshot.
 *
 * @param isOpen whether the proposal of a subject is still to be done; those that are not may be left out
 * @param direct whether they are committed to the default branch, and not pull requests
 */
export type Prepare<P extends Proposal> = (
  snapshot: Snapshot,
  isOpen: (subject: string) => boolean,
  direct: boolean,
) => Promise<readonly P[]>;

/** How many minutes a run waits where GitHub takes nothing new. */
const MINUTES = 2;

/** Rounds until a run gives up against others that keep changing the same branches. */
const ROUNDS = 6;

/**
 * Sees to it that an ops repository has what a verb proposes: one pull request for each proposal, or one commit.
 *
 * Each round takes one snapshot, prepares the proposals of it, plans them and writes with compare-and-swap. What somebody
 * else changed meanwhile is read and prepared again; nothing is ever rebased as text. A verb whose answer must not move
 * with the base (the version before the current one) remembers it from its first snapshot.
 *
 * @param take how the repository is opened
 * @throws Error when the repository cannot be read, its policy or holds are broken, or `prepare` throws
 */
export async function propose<P extends Proposal>(
  ops: Connected,
  prepare: Prepare<P>,
  options: ProposeOptions,
  take: TakeSnapshot = takeSnapshot,
): Promise<ProposalReport<P>> {
  const report: ProposalReport<P> = {
    ...{ results: [], failures: [], warnings: [], mayBeMerged: new Set() },
    ...{ diffs: new Map(), texts: new Map() },
  };
  const run: Run<P> = {
    repository: nameOf(ops),
    options,
    report,
    outcomes: new Map(),
    direct: options.direct,
    checksBaseAgain: true,
  };
  const warn = onceInto(report.warnings);
  const order = new Set<string>();
  for (let round = 1, left = ROUNDS; left > 0; round++) {
    const snapshot = await take(ops, options, warn);
    const isStillOpen = (subject: string) => isOpen(run, subject);
    // Who may get past the gate does not do so by a verb.
    run.direct &&= !(snapshot.repo.gated || (options.dryRun && snapshot.repo.guarded));
    const prepared = await prepare(snapshot, isStillOpen, run.direct);
    const proposals = prepared
      .filter(({ subject }) => isStillOpen(subject))
      .map((each) => (options.direct && !run.direct ? asUrgent(each, snapshot.repo.base) : each));
    for (const { subject } of proposals) {
      order.add(subject);
    }
    if (round === 1 && !options.dryRun) {
      checkPoints(snapshot.repo, proposals.length);
    }
    const starters = run.direct ? undefined : (options.starters ?? []);
    const surveys = await Promise.all(proposals.map((proposal) => survey(snapshot, proposal, starters)));
    endOthers(run, surveys);
    run.checksBaseAgain = checksBaseAgainIn(round);
    const committed = await apply(run, snapshot, surveys);
    const again = [...run.outcomes.values()].filter(({ state }) => state === 'again');
    if (options.dryRun || again.length === 0) {
      break;
    }
    if (again.some((each) => each.state === 'again' && isTooFast(each.reason))) {
      // Other runs of the App make content too. What no minute helps is for the next run.
      left = Math.min(left - 1, MINUTES);
      await sleep(left === 0 ? 0 : minuteOf(options.patience.contentMs));
    } else if (!committed) {
      left--;
      await sleep(left === 0 ? 0 : pauseAfter(round, options.patience.pollMs));
    }
  }
  collect(inOrder(run.outcomes, order), run.report);
  return report;
}

/**
 * Milliseconds until the next round. They differ, so that two runs do not meet again each time, and come to the ten
 * seconds in all that GitHub takes at most to show a push in its pull request.
 */
function pauseAfter(round: number, pollMs: number): number {
  return pollMs * Math.min(round, ROUNDS) * (0.7 + 0.3 * Math.random());
}

/** As they were proposed, whichever was done first. */
function inOrder<T>(outcomes: ReadonlyMap<string, T>, subjects: Iterable<string>): Map<string, T> {
  const pairs = [...subjects].flatMap((subject): [string, T][] => {
    const outcome = outcomes.get(subject);
    return outcome === undefined ? [] : [[subject, outcome]];
  });
  return new Map(pairs);
}

/** What is no longer proposed in a second snapshot is there, or in the hands of others. */
function endOthers<P extends Proposal>({ outcomes }: Run<P>, surveys: readonly Survey<P>[]): void {
  const subjects = new Set(surveys.map(({ proposal }) => proposal.subject));
  for (const [subject, outcome] of outcomes) {
    if (outcome.state === 'again' && outcome.result !== undefined && !subjects.has(subject)) {
      outcomes.set(subject, { state: 'settled', result: outcome.result });
    }
  }
}

/** @returns whether a commit was made directly, so that the rest has to be planned again */
async function apply<P extends Proposal>(
  run: Run<P>,
  snapshot: Snapshot,
  surveys: readonly Survey<P>[],
): Promise<boolean> {
  const possible = surveys.filter((each) => isPossible(run, each));
  if (run.options.dryRun) {
    await rehearseAll(run, snapshot, possible);
    return false;
  }
  if (run.direct) {
    return applyDirectly(run, snapshot, possible);
  }
  await applyPullRequests(run, snapshot, possible);
  await disableAutoMerge(
    snapshot,
    surveys.filter(({ base }) => base.state === 'left' && base.action === 'held'),
  );
  await refreshBodies(run, snapshot, surveys);
  return false;
}

/** Whether something may be done about a proposal; the outcome of any other is noted. */
function isPossible<P extends Proposal>(run: Run<P>, survey: Survey<P>): boolean {
  const { proposal, base, branch } = survey;
  if (base.state === 'refused') {
    run.outcomes.set(proposal.subject, { state: 'failed', error: base.error });
    return false;
  }
  if (base.state === 'left') {
    noteOutcome(run, survey, base);
    return false;
  }
  if (!(run.options.dryRun || run.direct) && isBehindItsBranch(branch)) {
    const reason = 'its pull request does not show its newest commit yet';
    run.outcomes.set(proposal.subject, { state: 'again', reason });
    return false;
  }
  return true;
}

/** Whether a pull request has not recorded yet that its branch was pushed to: its commits are those from before then. */
function isBehindItsBranch({ head, open }: BranchView): boolean {
  return head !== undefined && open !== undefined && head.oid !== open.headOid;
}
