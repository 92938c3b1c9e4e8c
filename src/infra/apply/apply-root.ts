import { Readable } from 'node:stream';
import { info, logOutput } from '../../runtime/log.js';
import { mayRunInCloud } from '../plan/plan-in-cloud.js';
import { planRoot } from '../plan/plan-root.js';
import { keepMadePlan, type PlanOf, provePlan } from '../plan/prove-plan.js';
import { planName, planText } from '../report/plan-markdown.js';
import type { PlanProof } from '../report/root-report.js';
import { planTimesAdvice } from '../roots/plan-times.js';
import { lostStateProblem } from '../tool/state-in-checkout.js';
import { writeApplyCheck } from './apply-checks.js';
import {
  type ApplyHistory,
  keepErroredState,
  markApproved,
  markReviewed,
  markStarted,
  markStep,
  readStarts,
  recordLeft,
  type Starts,
} from './apply-history.js';
import { applyInCloud } from './apply-in-cloud.js';
import { type ApplyEnd, applyPlan } from './apply-plan.js';
import { type ApplyReport, openStart } from './apply-report.js';
import { type ComparedReview, compareReviewed, type FreshPlan } from './compare-reviewed.js';
import { type ApplyDecision, decideApply, type Reviewed } from './decide-apply.js';
import { lackingApproval, type PlanApprovals, readApprovals } from './plan-approvals.js';
import {
  type AppliedRoot,
  type ApplyRootOf,
  type ApplyRootRun,
  baseReport,
  failedPlan,
  told,
  toldEnd,
  undone,
} from './root-outcome.js';

/** A review, compared, with who approved it. */
interface Compared {
  reviewed: Reviewed | { none: string };
  approvals: PlanApprovals;
  /** Where it is kept. */
  kept: PlanProof['kept'];
}

/**
 * Plans a root at the merged commit, decides what of it may be applied, and does so. Nothing that it returns or prints has secrets
 * in it.
 */
export async function applyRoot(of: ApplyRootOf, run: ApplyRootRun): Promise<AppliedRoot> {
  try {
    return await planAndApply(of, run, baseReport(of, run));
  } catch (error) {
    // Of the space, say. The other roots are not kept from their turn.
    const problem = error instanceof Error ? error.message : String(error);
    return told(of, run, { ...baseReport(of, run), result: 'failed', problem });
  }
}

/** What keeps a root waiting before it is planned. */
function waitingOf(of: ApplyRootOf): Pick<ApplyReport, 'result' | 'why'> | undefined {
  if (of.unapplied.length === 0 && of.overtakenBy === undefined && of.held === undefined) {
    return undefined;
  }
  const facts = { ...of, fresh: { isChange: true, structure: '' }, open: undefined, reviewed: { none: '' } };
  const isOvertaken = of.unapplied.length === 0 && of.overtakenBy !== undefined;
  return { result: isOvertaken ? 'overtaken' : 'waits', why: decideApply(facts).why };
}

async function planAndApply(of: ApplyRootOf, run: ApplyRootRun, base: ApplyReport): Promise<AppliedRoot> {
  const waiting = waitingOf(of);
  if (waiting !== undefined) {
    return told(of, run, { ...base, ...waiting });
  }
  const { root } = of;
  info(`Planning ${root.name} at ${run.commit.slice(0, 7)}.`);
  const elsewhere = mayRunInCloud(root) ? await applyInCloud(of, run, base) : undefined;
  if (elsewhere !== undefined) {
    return elsewhere;
  }
  const plan = await planRoot(root, run.plan);
  const words = plan.state === 'planned' ? plan.text : plan.problem;
  await logOutput(`Plan of ${root.name}`, Readable.from([`${words}\n`.toWellFormed()]));
  if (plan.state === 'failed') {
    return told(of, run, failedPlan(base, plan));
  }
  const planOf = planOfRun(of, run);
  const fresh = { plan, proof: await provePlan(plan, planOf, undefined) };
  const starts = await startsOf(of, run);
  const compared = await compare(of, run, fresh, starts);
  const structure = planName(fresh.proof.structure);
  const decision = decideApply({
    ...{ unapplied: of.unapplied, overtakenBy: of.overtakenBy, held: of.held, word: of.word, open: starts.open },
    ...{ fresh: { isChange: plan.summary.isChange, structure }, reviewed: compared.reviewed },
    varies: planTimesAdvice(run.plan.roots, root.folder),
    lost: plan.lostState && lostStateProblem(plan.lostState),
  });
  info(`${root.name}: ${decision.why}`);
  const report = { ...base, plan: structure, approved: [...compared.approvals.by], why: decision.why };
  const text = plan.summary.isChange ? planText(plan.text) : '';
  if (decision.do !== 'apply') {
    await (decision.do === 'nothing' ? endLookedAfter(run, starts, decision.why) : undefined);
    return { ...(await told(of, run, undone(report, decision, starts.open, of.known?.report))), text };
  }
  try {
    return { ...(await perform(of, run, { report, decision, fresh, planOf, starts, compared })), text };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { ...(await told(of, run, { ...report, result: 'failed', problem })), text };
  }
}

/**
 * Ends a start that a person has looked after, and after which nothing is left: it was killed between its apply and its last word.
 * Otherwise each later run of the root would ask for it again.
 */
async function endLookedAfter(run: ApplyRootRun, { open }: Starts, why: string): Promise<void> {
  const history = run.space?.history;
  if (history === undefined || open?.name.startsWith('plans/') !== true) {
    return;
  }
  const facts = { at: run.now().toISOString(), run: run.run.url, by: run.run.by, commit: run.commit, why };
  await markStep(history, open.name, 'applied', { ...facts, result: 'given up' });
}

function planOfRun({ root, reviewed }: ApplyRootOf, { git, commit, plan, run, now }: ApplyRootRun): PlanOf {
  const pull = 'pull' in reviewed ? reviewed.pull.number : undefined;
  return {
    ...{ git, commit, root, roots: plan.roots, tool: plan.tool, args: plan.args },
    ...{ pull, runUrl: run.url, at: now() },
  };
}

/** What was begun: as the space says; without one, as the check run of the commit does. */
async function startsOf({ root, known }: ApplyRootOf, { space }: ApplyRootRun): Promise<Starts> {
  const starts = space === undefined ? undefined : await readStarts(space.history, root.name);
  await (space === undefined || starts === undefined ? undefined : recordLeft(space.history, starts));
  return {
    // Of a run with the same id, too: it was killed, and somebody started it again.
    open: starts?.open ?? openStart(known?.report),
    prefixes: starts?.prefixes ?? [],
    newest: starts?.newest,
  };
}

function nameOfRun({ id }: ApplyRootRun['run']): string {
  return `run-${id}`;
}

async function compare(of: ApplyRootOf, run: ApplyRootRun, fresh: FreshPlan, starts: Starts): Promise<Compared> {
  const { root, reviewed, approvers } = of;
  const nobody = { by: [], uncounted: [] };
  if ('none' in reviewed) {
    return { reviewed, approvals: nobody, kept: undefined };
  }
  const { pull, proof } = reviewed;
  let compared: ComparedReview;
  try {
    compared = await compareReviewed(root, fresh, reviewed, run.plan, run.space);
    // That the space has it with this hash was just seen.
    if (run.space !== undefined && proof.kept !== undefined) {
      await markReviewed(run.space.history, proof.kept);
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { reviewed: { none: why }, approvals: nobody, kept: undefined };
  }
  const approvals = await readApprovals(run.to, pull, new Date(proof.since), approvers);
  const { kept } = proof;
  const { beyond, isWhole, moved } = compared;
  const isThere = compared.isThere && kept !== undefined && !starts.prefixes.includes(kept.prefix);
  return {
    reviewed: {
      ...{ pull: pull.number, structure: planName(proof.structure), beyond, isWhole, moved, isThere },
      lacking: lackingApproval(approvals, approvers),
    },
    ...{ approvals, kept },
  };
}

interface Performed {
  report: ApplyReport;
  decision: Extract<ApplyDecision, { do: 'apply' }>;
  fresh: FreshPlan;
  planOf: PlanOf;
  starts: Starts;
  compared: Compared;
}

/** Applies: says that it starts first, so that whoever is killed leaves a trace, and how it ended. */
async function perform(of: ApplyRootOf, run: ApplyRootRun, performed: Performed): Promise<AppliedRoot> {
  const { report, decision, fresh, planOf, starts, compared } = performed;
  const history = run.space?.history;
  const isReviewed = decision.which === 'reviewed';
  const kept = isReviewed ? compared.kept : history && (await keepMadePlan(history, fresh.plan, planOf));
  const prefix = kept?.prefix;
  const start = prefix ?? nameOfRun(run.run);
  const facts = { run: run.run.url, by: run.run.by, commit: run.commit, plan: report.plan, why: report.why };
  const stamped = () => ({ at: run.now().toISOString(), ...facts });
  if (history !== undefined && kept !== undefined) {
    if (starts.open?.name.startsWith('plans/') === true) {
      await markStep(history, starts.open.name, 'applied', { ...stamped(), result: 'given up', followed: kept.prefix });
    }
    await markApproved(history, kept, { ...stamped(), approved: report.approved });
    await markStarted(history, kept.prefix, stamped());
  }
  const running: ApplyReport = { ...report, result: 'running', start, began: undefined };
  const id = await writeApplyCheck(run.to, run.commit, running, of.known?.id);
  info(`Applying ${of.root.name}: ${isReviewed ? 'the plan that was reviewed' : 'the plan of the merged commit'}.`);
  // A reviewed plan has nothing in it that the one of this job does not have, so no byte that a job of a pull request wrote is run.
  const end = await applyPlan(of.root, run.plan, fresh.plan.file, fresh.plan);
  await logOutput(`Apply of ${of.root.name}`, Readable.from([`${end.log}\n${end.problem}\n`.toWellFormed()]));
  const ended = await withEnd(running, end, history, prefix, stamped);
  return toldEnd(of, run, { id, report: running }, ended);
}

/** The report of the end, once the space knows it. */
async function withEnd(
  running: ApplyReport,
  { result, problem, did, lock, errored }: ApplyEnd,
  history: ApplyHistory | undefined,
  prefix: string | undefined,
  stamped: () => Record<string, unknown>,
): Promise<ApplyReport> {
  const { did: _none, ...base } = running;
  const report: ApplyReport = { ...base, result, problem, start: '', ...(did && { did }), ...(lock && { lock }) };
  const notes: string[] = [];
  const attemptTo = async (doing: string, work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      notes.push(`${doing}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  if (errored !== undefined && (history === undefined || prefix === undefined)) {
    notes.push(
      'The state could not be written, and is lost: there is no space that it could be kept in. Bring what was made into the state by import.',
    );
  } else if (errored !== undefined && history !== undefined && prefix !== undefined) {
    await attemptTo('The state could not be written, nor kept', async () => {
      report.errored = await keepErroredState(history, prefix, errored);
    });
  }
  if (history !== undefined && prefix !== undefined) {
    await attemptTo('The space does not know of the end', () =>
      markStep(history, prefix, 'applied', { ...stamped(), result, did, errored: report.errored }),
    );
  }
  return { ...report, problem: [problem, ...notes].filter((part) => part !== '').join('\n\n') };
}
