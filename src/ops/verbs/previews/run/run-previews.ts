import { nameOf } from '../../../../github/connected.js';
import { unifiedDiff } from '../../../tree/unified-diff.js';
import { goneReason } from '../branch/last-record.js';
import { previewDetails } from '../feedback/details.js';
import { missedPreviews, missedRemovals } from '../feedback/missed-updates.js';
import { closedMeanwhile, feedbackOf, needsUpdate, wasSeenLive } from '../feedback/needs-update.js';
import type { PreviewResult } from '../feedback/preview-result.js';
import { statusOf } from '../feedback/status.js';
import { type FeedbackByRepository, loadFeedback, type PreviewUpdate, updateFeedback } from '../feedback/update.js';
import type { CommandAnswer } from '../plan/command.js';
import type { Decision } from '../plan/decision.js';
import { noLongerOpen } from '../plan/removal.js';
import { waitAndReport } from '../wait/wait-and-report.js';
import type { Asked } from './ask-for-previews.js';
import { type CommittedPlan, commitPreviews } from './commit.js';
import { openWarnings } from './open-warnings.js';
import type { OwnPreview, PreviewRun, PreviewRunResult } from './preview-run.js';

/** How often everything is decided again, because a pull request closes or opens again while its preview is made. */
const ROUNDS = 3;

/**
 * Brings all previews up to date, reports that on their pull requests, and waits for the previews that this run opened or
 * is about.
 *
 * What is reported follows from the state of the repositories, and not from what this run has changed. So when a run is
 * stopped half-way, any later run reports what it missed.
 *
 * @returns what failed is in `failures`: comments, deployments, and the wait for the run's own preview
 * @throws Error for people when the ops repository cannot be read or written
 */
export async function runPreviews(run: PreviewRun): Promise<PreviewRunResult> {
  const decisions = new Map<string, Decision>();
  let answer: CommandAnswer | undefined;
  let alwaysRender: ReadonlySet<string> = new Set();
  let asked: Asked | undefined;
  const request: PreviewRun['request'] = async (ops) => ({ ...(await run.request(ops)), alwaysRender });
  for (let round = 1; ; round++) {
    const ask = run.ask && { ...run.ask, own: run.own?.name, opsPage: opsPage(run) };
    const plan = await commitPreviews(run.ops, { ...run, request, ask, repoURL: opsPage(run) });
    asked = plan.asked ?? asked;
    for (const decision of plan.decisions) {
      decisions.set(decision.name, latestDecision(decisions.get(decision.name), decision));
    }
    const all = [...decisions.values()];
    if (run.dryRun) {
      return { ...(await resultOf(run, plan, all, new Map())), diff: unifiedDiff(new Map(), plan.change) };
    }
    const feedbacks = await loadFeedback(run.apps, withOwn(all, run));
    const hasClosed = () => all.some((decision) => closedMeanwhile(decision, feedbacks));
    const result = { ...(await resultOf(run, plan, all, feedbacks)), asked };
    // Asked again, what is done already is nothing to do.
    answer ??= result.answer;
    result.answer = answer;
    const missed = missedPreviews(result.previews, feedbacks).filter((name) => !alwaysRender.has(name));
    alwaysRender = new Set([...alwaysRender, ...missed]);
    if (round < ROUNDS && (hasClosed() || missed.length > 0)) {
      continue;
    }
    result.previews.push(...(await removalsToReport(run, plan, result, feedbacks)));
    await reportAndWait(run, plan.previews.branch, result, feedbacks);
    // A pull request may have closed, and its clean-up finished, after it was read and before its comment was written.
    if (round === ROUNDS || !hasClosed()) {
      return result;
    }
  }
}

async function reportAndWait(
  run: PreviewRun,
  branch: string,
  result: PreviewRunResult,
  feedbacks: FeedbackByRepository,
): Promise<void> {
  const awaited = result.previews.filter((preview) => isAwaited(preview, run));
  for (const preview of awaited) {
    preview.status = { stage: 'rolling out' };
  }
  for (const preview of result.previews.filter((each) => wasSeenLive(each, feedbacks))) {
    preview.status = { stage: 'live' };
  }
  const updates = result.previews.map(
    (each): PreviewUpdate => (needsUpdate(each, feedbacks) ? each : { ...each, status: undefined }),
  );
  await updateFeedback(
    updates.filter(({ status, decision }) => status !== undefined || mayChangeNotes(decision)),
    feedbacks,
  );
  const open = awaited.filter(({ decision }) => !closedMeanwhile(decision, feedbacks));
  if (run.wait !== undefined && open.length > 0) {
    for (const { name, failed, message } of await waitAndReport(run.ops, branch, run.wait, open, feedbacks)) {
      (failed && name === run.own?.name ? result.failures : result.warnings).push(message);
    }
  }
  for (const feedback of feedbacks.values()) {
    result.warnings.push(...feedback.warnings);
    result.failures.push(...feedback.failures);
  }
}

/** Whether something in the comment of a preview that stays as it is may change. */
function mayChangeNotes({ action, record }: Decision): boolean {
  return action === 'prolonged' || record?.pullRequest?.fork === true;
}

/** The run waits for the preview that it is about, and for those that it opened. */
function isAwaited({ decision }: PreviewResult, { own, wait }: PreviewRun): boolean {
  const { action, name, state, record } = decision;
  const isOwn = name === own?.name && ['opened', 'updated', 'unchanged'].includes(action);
  const isAsleep = record?.asleepAt !== undefined;
  return wait !== undefined && state === 'active' && !isAsleep && (isOwn || action === 'opened');
}

/** Removals by earlier runs that were not reported. */
async function removalsToReport(
  run: PreviewRun,
  { broken, commit, previews: { branch } }: CommittedPlan,
  { previews }: PreviewRunResult,
  feedbacks: FeedbackByRepository,
): Promise<PreviewResult[]> {
  const known = new Set([...previews.map(({ decision }) => decision.name), ...broken.map(({ name }) => name)]);
  const pages = { commitUrl: commitPage(run, commit), runUrl: run.runUrl };
  const reason = (name: string, head: string) => goneReason(run.ops, branch, name, head);
  const found = [...feedbacks.values()].map((feedback) => missedRemovals(feedback, known, pages, reason));
  return (await Promise.all(found)).flat();
}

/** The decision to report of two rounds: the first one counts, as long as the next one changes nothing. */
function latestDecision(before: Decision | undefined, now: Decision): Decision {
  const isUnchanged = now.action === 'kept' || now.action === 'unchanged';
  return before !== undefined && isUnchanged && before.state === now.state
    ? { ...before, preview: before.preview ?? now.preview }
    : now;
}

function withOwn(decisions: readonly Decision[], { own }: PreviewRun): (Decision | OwnPreview)[] {
  return own === undefined || decisions.some(({ name }) => name === own.name) ? [...decisions] : [...decisions, own];
}

async function resultOf(
  run: PreviewRun,
  plan: CommittedPlan,
  decisions: readonly Decision[],
  feedbacks: FeedbackByRepository,
): Promise<PreviewRunResult> {
  const { previews, sharing, commit, committed, broken } = plan;
  const all = await Promise.all(
    withOwn(decisions, run).map((each) => ('action' in each ? each : absent(run, previews.branch, each, feedbacks))),
  );
  const branchUrl = `${opsPage(run)}/tree/${previews.branch}`;
  const context = { head: run.own?.head ?? '', commitUrl: commitPage(run, commit), branchUrl, runUrl: run.runUrl };
  return {
    previews: all.map((decision) => ({
      decision,
      details: {
        ...previewDetails(decision, previews, context),
        ...(decision.name === run.own?.name ? { opsTookMs: plan.asked?.tookMs } : {}),
      },
      status: statusOf(decision, previews),
    })),
    ...{ sharing, policy: previews, commit, committed, answer: answerOf(run, plan) },
    diff: '',
    warnings: [
      ...plan.warnings,
      ...openWarnings(decisions, previews.host, nameOf(run.ops)),
      ...broken.map(({ message }) => `A preview stays as it is, since its record cannot be read. ${message}`),
    ],
    failures: [],
  };
}

/**
 * The decision about the run's own preview where the ops repository has none: it never existed, or was removed before. The run that
 * removed it may have been stopped before it reported that: then the history says why.
 */
async function absent(
  { ops }: PreviewRun,
  branch: string,
  { name, repository, pullRequest }: OwnPreview,
  feedbacks: FeedbackByRepository,
): Promise<Decision> {
  const feedback = feedbackOf(feedbacks, repository);
  const shown = feedback?.shownHead(name);
  const gone = shown === undefined ? undefined : await goneReason(ops, branch, name, shown);
  const isClosed = pullRequest !== undefined && feedback?.isOpen(name) === false && feedback.hasComment(name);
  return {
    ...{ name, repository, pullRequest, action: 'unchanged', state: 'gone' },
    reason: gone ?? (isClosed ? noLongerOpen(pullRequest) : 'there is no such preview.'),
    ...{ position: undefined, record: undefined, preview: undefined },
  };
}

/** What is told to whoever gave a command: what failed after that counts. */
function answerOf({ own }: PreviewRun, { answer, decisions }: CommittedPlan): CommandAnswer | undefined {
  const failed = decisions.find(({ name, action }) => name === own?.name && action === 'failed');
  return answer && failed !== undefined ? { obeyed: false, text: failed.reason } : answer;
}

function opsPage({ ops, serverUrl }: PreviewRun): string {
  return `${serverUrl}/${nameOf(ops)}`;
}

function commitPage(run: PreviewRun, commit: string): string {
  return `${opsPage(run)}/commit/${commit}`;
}
