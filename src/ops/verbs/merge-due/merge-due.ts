import { ConfigError } from '../../../config/config-error.js';
import { type Connected, nameOf } from '../../../github/connected.js';
import { attempt } from '../../../github/errors.js';
import { operationIn } from '../../../github/try-operation.js';
import type { Ground } from '../../judged-pulls/ground.js';
import { newestGroundOf } from '../../judged-pulls/grounds.js';
import { type Judge, judgeAt } from '../../judged-pulls/judge-at.js';
import { judgedPlaces, type Place, settledPolicy } from '../../policy/places.js';
import { readPolicy } from '../../policy/policy.js';
import type { MergeMethodChoice } from '../../pull-requests/options.js';
import { mergeMethodOf } from '../../pull-requests/write-context.js';
import { NOBODY, type RepositoryState, readRepositoryState } from '../../repository/repository-state.js';
import { type DuePull, readDuePulls } from './due-pulls.js';
import { lateLook } from './late-look.js';
import { type Attempt, type MergeBench, mergeOne } from './merge-one.js';
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
  /** Whether rules of every branch require the gate. */
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
 * commit that the merge made. The default branch comes first, then the branches that environments live on, in their order. Then it
 * starts what GitHub starts after no push of a workflow's token.
 *
 * Safe to run again, to stop anywhere and to run beside others: a merge takes place once, because GitHub merges a pull request
 * once, and follow-ups that a stopped run owes are started by the next.
 *
 * @throws Error where the repository cannot be read, or the token lacks a permission
 */
export async function runMergeDue(run: MergeDueRun): Promise<MergeDueReport> {
  const report: MergeDueReport = {
    ...{ merged: [], handedOver: [], open: [], gated: true, notes: [] },
    followUps: { started: [], cannot: [] },
  };
  const { repo } = await mergeInto(run, report, undefined);
  await startInto(run, report, repo.base);
  for (const place of placesOf(run.ops, repo)) {
    const done = await mergeInto(run, report, place);
    await startInto(run, report, done.repo.base);
  }
  return report;
}

/** The branches that environments live on; none where the policy cannot be read, by which nothing is merged either. */
function placesOf(ops: Connected, { policyText, base }: RepositoryState): Place[] {
  try {
    return judgedPlaces(settledPolicy(readPolicy(policyText), nameOf(ops), base).environments);
  } catch (error) {
    if (error instanceof ConfigError) {
      return [];
    }
    throw error;
  }
}

async function startInto(run: MergeDueRun, { followUps }: MergeDueReport, branch: string): Promise<void> {
  const { started, cannot } = await startFollowUps(run.ops, branch, run.own, run.dryRun);
  followUps.started.push(...started);
  followUps.cannot.push(...cannot);
}

/** Merges what is due into one branch. @param place `undefined` for the default branch. @returns the last look at it */
async function mergeInto(run: MergeDueRun, report: MergeDueReport, place: Place | undefined): Promise<Round> {
  const tries = new Map<number, number>();
  const refused = new Map<number, string>();
  for (;;) {
    const round = await planRound(run, place, refused);
    const next = nextOf(round.planned, report, tries, run.dryRun);
    if (next === undefined) {
      report.open.push(...round.planned);
      report.notes.push(...round.notes.filter((each) => !report.notes.includes(each)));
      report.gated &&= round.repo.gated;
      return round;
    }
    tries.set(next.pull.number, (tries.get(next.pull.number) ?? 0) + 1);
    const done = await mergeOne(benchOf(run, round, next.pull), next.pull, next.how);
    await note(run, report, round, next.pull, done, refused);
  }
}

interface Round {
  repo: RepositoryState;
  ground: Ground;
  planned: PlannedMerge[];
  notes: string[];
}

/**
 * Reads, judges and plans everything at the newest commit of a branch.
 *
 * @param refused what GitHub refused to merge in this run, and why
 */
async function planRound(
  run: MergeDueRun,
  place: Place | undefined,
  refused: ReadonlyMap<number, string>,
): Promise<Round> {
  const { ops, checks } = run;
  const operation = operationIn(ops.repository, 'read the repository', 'contents: read');
  const repo = await attempt(operation, () => readRepositoryState(ops.github, ops.repository, NOBODY, place?.branch));
  const pulls = await readDuePulls(ops, repo.base);
  const main: Ground = { at: ops, branch: repo.base, oid: repo.baseOid };
  const ground = place === undefined ? main : await newestGroundOf(ops, place);
  const own = pulls.filter(({ isFork }) => !isFork);
  // What moved between two looks is judged in the next round.
  const isThere = ground !== undefined && ground.oid === repo.baseOid;
  const { judged, notes } = isThere
    ? await judgeAt({ ...run, mergesNow: true, isGuarded: repo.gated }, ground, own)
    : { judged: [], notes: [] };
  const planned = planMerges(pulls, judged, repo, checks).map(({ pull, step }) => {
    const reason = refused.get(pull.number);
    return { pull, step: reason === undefined ? step : ({ do: 'wait', reason, until: undefined } satisfies Step) };
  });
  return { repo, ground: ground ?? main, planned, notes };
}

/** A merge of an environment's branch into another one stays a merge: squashed, it would conflict with the next. */
function benchOf({ ops, mergeMethod }: MergeDueRun, { repo, ground }: Round, { branch, isFork }: DuePull): MergeBench {
  const isOfEnvironment = !isFork && branchesOf(ground).includes(branch);
  const method = isOfEnvironment ? 'MERGE' : mergeMethodOf({ mergeMethod, repo });
  return { ops, repo, judgedAt: repo.baseOid, home: ground.judged?.home, method };
}

/** Branches of environments, where one of them is merged into that is not the default branch. */
function branchesOf({ judged }: Ground): string[] {
  const places = judged === undefined ? [] : judgedPlaces(judged.policy.environments);
  return judged === undefined ? [] : [judged.home.branch, ...places.flatMap(({ branch }) => branch ?? [])];
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
  { ground, repo: { baseOid, gated } }: Round,
  pull: DuePull,
  done: Attempt,
  refused: Map<number, string>,
): Promise<void> {
  if (done.state === 'merged') {
    const { commit, base } = done;
    const isMoved = base !== undefined && base !== baseOid;
    const past = isMoved ? await lateLook({ ...run, isGuarded: gated }, { pull, ground, commit, base }) : undefined;
    report.merged.push({ pull, commit, past });
  } else if (done.state === 'handed over') {
    report.handedOver.push(pull);
  } else if (done.state === 'refused') {
    refused.set(pull.number, `GitHub refuses to merge it: ${done.reason}`);
  }
}
