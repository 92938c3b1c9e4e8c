import { attempt } from '../../../github/errors.js';
import { operationIn } from '../../../github/try-operation.js';
import { type Judge, judgeAt } from '../../judged-pulls/judge-at.js';
import type { MergeMethodChoice } from '../../pull-requests/options.js';
import { mergeMethodOf } from '../../pull-requests/write-context.js';
import { NOBODY, type RepositoryState, readRepositoryState } from '../../repository/repository-state.js';
import { type DuePull, readDuePulls } from './due-pulls.js';
import { lateLook } from './late-look.js';
import { type Attempt, mergeOne } from './merge-one.js';
import { type PlannedMerge, planMerges, type Step } from './plan-merges.js';
import { type Started, startFollowUps } from './start-follow-ups.js';

/** What it works with. The token of `ops` reads, merges, and starts workflows. */
export interface MergeDueRun extends Omit<Judge, 'mergesNow' | 'isGuarded'> {
  /** Names of checks that have to be there and green. */
  checks: readonly string[];
  mergeMethod: MergeMethodChoice;
  /** File of the workflow that runs, which is no follow-up of itself. */
  own: string;
  /** Decide, and write nothing. */
  dryRun: boolean;
}

/** What was merged. */
export interface MergedPull {
  pull: DuePull;
  commit: string;
  /** Why the policy did not permit it onto what it was merged onto, which had come in the same moment. */
  past: string | undefined;
}

/** What became of everything that is to be merged as soon as the policy allows it. */
export interface MergeDueReport {
  merged: MergedPull[];
  /** What GitHub merges as soon as its rules are met. */
  handedOver: DuePull[];
  /** What is still open, with what is done about it next. */
  open: PlannedMerge[];
  followUps: Started;
  /** Whether rules require the gate. */
  gated: boolean;
  /** What a person should know, sentences. */
  notes: string[];
}

/** Merges of one run: each is followed by judging what is left anew. */
const MOST_MERGES = 20;
/** Times that one pull request is tried which moves all the time. */
const MOST_TRIES = 3;

/**
 * Merges the open pull requests that have the label and that the policy allows, one at a time: what is left is judged anew at the
 * commit that the merge made. Then it starts what GitHub starts after no push of a workflow's token.
 *
 * Safe to run again, to stop anywhere and to run beside others: a merge takes place once, because GitHub merges a pull request
 * once, and follow-ups that a stopped run owes are started by the next.
 *
 * @throws Error where the repository cannot be read, or the token lacks a permission
 */
export async function runMergeDue(run: MergeDueRun): Promise<MergeDueReport> {
  const report: Omit<MergeDueReport, 'followUps'> = { merged: [], handedOver: [], open: [], gated: false, notes: [] };
  const tries = new Map<number, number>();
  const refused = new Map<number, string>();
  for (;;) {
    const round = await planRound(run, refused);
    Object.assign(report, { open: round.planned, gated: round.repo.gated, notes: round.notes });
    const next = nextOf(round.planned, report, tries, run.dryRun);
    if (next === undefined) {
      const { base } = round.repo;
      return { ...report, followUps: await startFollowUps(run.ops, base, run.own, run.dryRun) };
    }
    tries.set(next.pull.number, (tries.get(next.pull.number) ?? 0) + 1);
    const done = await mergeOne(round.bench, next.pull, next.how);
    await note(run, report, round.repo, next.pull, done, refused);
  }
}

interface Round {
  repo: RepositoryState;
  planned: PlannedMerge[];
  notes: string[];
  bench: Parameters<typeof mergeOne>[0];
}

/** Reads, judges and plans everything at the newest commit. @param refused what GitHub refused to merge in this run, and why */
async function planRound(run: MergeDueRun, refused: ReadonlyMap<number, string>): Promise<Round> {
  const { ops, checks } = run;
  const operation = operationIn(ops.repository, 'read the repository', 'contents: read');
  const repo = await attempt(operation, () => readRepositoryState(ops.github, ops.repository, NOBODY));
  const pulls = await readDuePulls(ops, repo.base);
  const main = { branch: repo.base, oid: repo.baseOid };
  const own = pulls.filter(({ isFork }) => !isFork);
  const { judged, notes } = await judgeAt({ ...run, mergesNow: true, isGuarded: repo.gated }, main, own);
  const planned = planMerges(pulls, judged, repo, checks).map(({ pull, step }) => {
    const reason = refused.get(pull.number);
    return { pull, step: reason === undefined ? step : ({ do: 'wait', reason, until: undefined } satisfies Step) };
  });
  const method = mergeMethodOf({ mergeMethod: run.mergeMethod, repo });
  return { repo, planned, notes, bench: { ops, repo, judgedAt: repo.baseOid, method } };
}

interface Next {
  pull: DuePull;
  how: 'merge' | 'hand over';
}

/** What is done next; what GitHub is asked for comes first, because it leaves the default branch as it is. */
function nextOf(
  planned: readonly PlannedMerge[],
  { merged, handedOver }: Pick<MergeDueReport, 'merged' | 'handedOver'>,
  tries: ReadonlyMap<number, number>,
  dryRun: boolean,
): Next | undefined {
  if (dryRun || merged.length >= MOST_MERGES) {
    return undefined;
  }
  const isLeft = ({ pull: { number } }: PlannedMerge) =>
    (tries.get(number) ?? 0) < MOST_TRIES && !handedOver.some((each) => each.number === number);
  const ready = planned.filter(isLeft);
  const found = ready.find(({ step }) => step.do === 'hand over') ?? ready.find(({ step }) => step.do === 'merge');
  return found && (found.step.do === 'merge' || found.step.do === 'hand over')
    ? { pull: found.pull, how: found.step.do }
    : undefined;
}

async function note(
  run: MergeDueRun,
  report: Pick<MergeDueReport, 'merged' | 'handedOver'>,
  { base: branch, baseOid, gated }: RepositoryState,
  pull: DuePull,
  done: Attempt,
  refused: Map<number, string>,
): Promise<void> {
  if (done.state === 'merged') {
    const { commit, base } = done;
    const isMoved = base !== undefined && base !== baseOid;
    const past = isMoved ? await lateLook({ ...run, isGuarded: gated }, { pull, branch, commit, base }) : undefined;
    report.merged.push({ pull, commit, past });
  } else if (done.state === 'handed over') {
    report.handedOver.push(pull);
  } else if (done.state === 'refused') {
    refused.set(pull.number, `GitHub refuses to merge it: ${done.reason}`);
  }
}
