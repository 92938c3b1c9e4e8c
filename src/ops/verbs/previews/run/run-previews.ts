import { type Connected, nameOf } from '../../../../github/connected.js';
import { appInApps, type Sharing } from '../../../repository/workspaces.js';
import type { CommitMessage } from '../../../tree/change.js';
import { unifiedDiff } from '../../../tree/diff.js';
import type { AppDetails, PreviewDetails, PreviewStatus } from '../feedback/comment.js';
import { type ProbeSettings, previewDetails, statusOf } from '../feedback/details.js';
import { missedRemovals } from '../feedback/missed-updates.js';
import type { RepositoryFeedback } from '../feedback/repository-feedback.js';
import { closedMeanwhile, loadFeedback, needsUpdate, updateFeedback, wasReportedLive } from '../feedback/update.js';
import type { Decision } from '../plan/decision.js';
import type { ReconcilePlan } from '../plan/plan.js';
import { noLongerOpen } from '../plan/removal.js';
import { watch } from '../wait/wait-and-report.js';
import type { WaitSettings } from '../wait/wait-until-live.js';
import { type CommitOptions, type CommittedPlan, reconcile } from './commit.js';

/** The preview that a run is about. */
interface OwnPreview {
  name: string;
  repository: string;
  pullRequest: number | undefined;
  head: string;
}

/** What one run does about previews. */
export interface PreviewRun {
  ops: Connected;
  /** The token that comments on an apps repository's pull requests and records its deployments. */
  apps(repository: string): Connected | undefined;
  request: CommitOptions['request'];
  message: (plan: ReconcilePlan) => CommitMessage;
  pauseMs?: CommitOptions['pauseMs'];
  dryRun: boolean;
  serverUrl: string;
  runUrl: string;
  /** The preview that the run is about. */
  own: OwnPreview | undefined;
  /** `undefined` not to wait. */
  wait: (WaitSettings & ProbeSettings) | undefined;
}

/** One preview after the run. */
export interface PreviewResult {
  decision: Decision;
  details: PreviewDetails;
  status: PreviewStatus;
}

export interface PreviewRunResult {
  previews: PreviewResult[];
  sharing: Sharing;
  /** The commit in the ops repository that holds it all. */
  commit: string;
  committed: boolean;
  /** What would change, of a dry run. */
  diff: string;
  warnings: string[];
  failures: string[];
}

/** A pull request may close, and reopen, while its preview is made. */
const ROUNDS = 3;

/**
 * Reconciles the previews, tells their pull requests, and waits for those that this run opened or changed.
 *
 * What is told follows from the state and not from the one change, so that a run that was stopped half-way is made good by
 * any later one.
 *
 * @throws Error when the ops repository cannot be read or written
 */
export async function runPreviews(run: PreviewRun): Promise<PreviewRunResult> {
  const decided = new Map<string, Decision>();
  let alwaysRender: ReadonlySet<string> = new Set();
  const request: PreviewRun['request'] = async (view) => ({ ...(await run.request(view)), alwaysRender });
  for (let round = 1; ; round++) {
    const reconciled = await reconcile(run.ops, { ...run, request, repoURL: opsPage(run) });
    for (const decision of reconciled.decisions) {
      decided.set(decision.name, latest(decided.get(decision.name), decision));
    }
    if (run.dryRun) {
      return { ...resultOf(run, reconciled, decided, new Map()), diff: unifiedDiff(new Map(), reconciled.change) };
    }
    const feedbacks = await loadFeedback(run, [...decided.values()]);
    const isOver = () => [...decided.values()].some((decision) => closedMeanwhile(decision, feedbacks));
    const result = resultOf(run, reconciled, decided, feedbacks);
    const unknown = untold(result, feedbacks).filter((name) => !alwaysRender.has(name));
    alwaysRender = new Set([...alwaysRender, ...unknown]);
    if (round < ROUNDS && (isOver() || unknown.length > 0)) {
      continue;
    }
    result.previews.push(...(await gone(run, reconciled, result, feedbacks)));
    await tellAndWatch(run, result, feedbacks);
    // It may have closed, and been cleaned up after, between the look-up and the comment.
    if (round === ROUNDS || !isOver()) {
      return result;
    }
  }
}

async function tellAndWatch(
  run: PreviewRun,
  result: PreviewRunResult,
  feedbacks: ReadonlyMap<string, RepositoryFeedback>,
): Promise<void> {
  const awaited = result.previews.filter((preview) => isAwaited(preview, run));
  for (const preview of awaited) {
    preview.status = { stage: 'rolling out' };
  }
  for (const preview of result.previews.filter((each) => wasReportedLive(each, feedbacks))) {
    preview.status = { stage: 'live' };
  }
  const news = result.previews.map((each) => (needsUpdate(each, feedbacks) ? each : { ...each, status: undefined }));
  await updateFeedback(
    news.filter(({ status, decision }) => status !== undefined || decision.record?.pullRequest?.fork === true),
    feedbacks,
  );
  const open = awaited.filter(({ decision }) => !closedMeanwhile(decision, feedbacks));
  if (run.wait !== undefined && open.length > 0) {
    await watch(run, run.wait, open, feedbacks, result);
  }
  for (const feedback of feedbacks.values()) {
    result.warnings.push(...feedback.warnings);
    result.failures.push(...feedback.failures);
  }
}

/** Previews that stay, of which a run that was stopped has not told, and of which not all is known that is told. */
function untold({ previews }: PreviewRunResult, feedbacks: ReadonlyMap<string, RepositoryFeedback>): string[] {
  const kept = previews.filter(({ decision }) => decision.action === 'kept' && decision.state === 'active');
  return kept
    .filter((preview) => preview.decision.preview === undefined && needsUpdate(preview, feedbacks))
    .map(({ decision }) => decision.name);
}

/** What an earlier run removed and did not tell. */
async function gone(
  run: PreviewRun,
  { broken, commit }: CommittedPlan,
  { previews }: PreviewRunResult,
  feedbacks: ReadonlyMap<string, RepositoryFeedback>,
): Promise<PreviewResult[]> {
  const known = new Set([...previews.map(({ decision }) => decision.name), ...broken.map(({ name }) => name)]);
  const pages = { commitUrl: `${opsPage(run)}/commit/${commit}`, runUrl: run.runUrl };
  const found = [...feedbacks.values()].map((feedback) => missedRemovals(feedback, known, pages));
  return (await Promise.all(found)).flat();
}

/** What happened first is what is told, unless something came after it. */
function latest(before: Decision | undefined, now: Decision): Decision {
  const nothingNew = now.action === 'kept' || now.action === 'unchanged';
  const same = before !== undefined && nothingNew && before.state === now.state;
  return same ? { ...before, preview: before.preview ?? now.preview } : now;
}

function resultOf(
  run: PreviewRun,
  reconciled: CommittedPlan,
  decided: ReadonlyMap<string, Decision>,
  feedbacks: ReadonlyMap<string, RepositoryFeedback>,
): PreviewRunResult {
  const { previews, sharing, commit, committed, broken } = reconciled;
  const known = [...decided.values()];
  const { own } = run;
  if (own !== undefined && !decided.has(own.name)) {
    known.push({ ...own, ...GONE, reason: whyGone(own, feedbacks) });
  }
  const pages = { head: own?.head ?? '', commitUrl: `${opsPage(run)}/commit/${commit}`, runUrl: run.runUrl };
  return {
    previews: known.map((decision) => ({
      decision,
      details: previewDetails(decision, previews, pages),
      status: statusOf(decision, previews),
    })),
    ...{ sharing, commit, committed },
    diff: '',
    warnings: broken.map(({ message }) => `A preview is left as it is, since its record cannot be read. ${message}`),
    failures: [],
  };
}

/** What the run is about was never there, or went before. */
const GONE = {
  action: 'unchanged',
  state: 'gone',
  position: undefined,
  record: undefined,
  preview: undefined,
} as const;

/** The run that removed it may have been stopped before it told so: then this one tells the same. */
function whyGone(
  { name, pullRequest, repository }: OwnPreview,
  feedbacks: ReadonlyMap<string, RepositoryFeedback>,
): string {
  const feedback = feedbacks.get(repository.toLowerCase());
  return pullRequest !== undefined && feedback?.isOpen(name) === false && feedback.hasComment(name)
    ? noLongerOpen(pullRequest)
    : 'there is no such preview.';
}

/** The preview that the run is about, and those that this run opened. */
function isAwaited({ decision }: PreviewResult, { own, wait }: PreviewRun): boolean {
  const { action, name, state } = decision;
  const isOwn = name === own?.name && ['opened', 'updated', 'unchanged'].includes(action);
  return wait !== undefined && state === 'active' && (isOwn || action === 'opened');
}

function opsPage({ ops, serverUrl }: PreviewRun): string {
  return `${serverUrl}/${nameOf(ops)}`;
}

/** The addresses of a preview, by app as its apps repository calls it. */
export function urlsOf(apps: readonly AppDetails[], { guests }: Sharing): Record<string, string> {
  return Object.fromEntries(apps.filter(({ url }) => url !== '').map(({ app, url }) => [appInApps(app, guests), url]));
}
