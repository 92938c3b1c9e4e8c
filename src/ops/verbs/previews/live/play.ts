import { type Connected, nameOf } from '../../../../github/connected.js';
import { appInApps, type Sharing } from '../../../repository/workspaces.js';
import type { CommitMessage } from '../../../tree/change.js';
import { unifiedDiff } from '../../../tree/unified-diff.js';
import type { Decision } from '../decision.js';
import type { ReconcilePlan } from '../plan.js';
import { noLongerOpen } from '../survive.js';
import type { ShownApp, ShownPreview, Standing } from './comment.js';
import type { Feedback } from './feedback.js';
import { type Reconciled, type ReconcileOptions, reconcile } from './reconcile.js';
import { type ProbeSettings, shownPreview, standingOf } from './story.js';
import { closedMeanwhile, isNews, openFeedbacks, tell, wasSeenLive } from './telling.js';
import { untoldPreviews } from './untold.js';
import type { Patience } from './wait.js';
import { watch } from './watch.js';

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
  request: ReconcileOptions['request'];
  message: (plan: ReconcilePlan) => CommitMessage;
  pauseMs?: ReconcileOptions['pauseMs'];
  dryRun: boolean;
  serverUrl: string;
  runUrl: string;
  /** The preview that the run is about. */
  own: OwnPreview | undefined;
  /** `undefined` not to wait. */
  wait: (Patience & ProbeSettings) | undefined;
}

/** One preview after the run. */
export interface PlayedPreview {
  decision: Decision;
  shown: ShownPreview;
  standing: Standing;
}

export interface Played {
  previews: PlayedPreview[];
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
export async function playPreviews(run: PreviewRun): Promise<Played> {
  const decided = new Map<string, Decision>();
  let show: ReadonlySet<string> = new Set();
  const request: PreviewRun['request'] = async (view) => ({ ...(await run.request(view)), show });
  for (let round = 1; ; round++) {
    const reconciled = await reconcile(run.ops, { ...run, request, repoURL: opsPage(run) });
    for (const decision of reconciled.decisions) {
      decided.set(decision.name, latest(decided.get(decision.name), decision));
    }
    if (run.dryRun) {
      return { ...result(run, reconciled, decided, new Map()), diff: unifiedDiff(new Map(), reconciled.change) };
    }
    const feedbacks = await openFeedbacks(run, [...decided.values()]);
    const isOver = () => [...decided.values()].some((decision) => closedMeanwhile(decision, feedbacks));
    const played = result(run, reconciled, decided, feedbacks);
    const unknown = untold(played, feedbacks).filter((name) => !show.has(name));
    show = new Set([...show, ...unknown]);
    if (round < ROUNDS && (isOver() || unknown.length > 0)) {
      continue;
    }
    played.previews.push(...(await gone(run, reconciled, played, feedbacks)));
    await tellAndWatch(run, played, feedbacks);
    // It may have closed, and been cleaned up after, between the look-up and the comment.
    if (round === ROUNDS || !isOver()) {
      return played;
    }
  }
}

async function tellAndWatch(run: PreviewRun, played: Played, feedbacks: ReadonlyMap<string, Feedback>): Promise<void> {
  const awaited = played.previews.filter((preview) => isAwaited(preview, run));
  for (const preview of awaited) {
    preview.standing = { stage: 'rolling out' };
  }
  for (const preview of played.previews.filter((each) => wasSeenLive(each, feedbacks))) {
    preview.standing = { stage: 'live' };
  }
  const news = played.previews.map((each) => (isNews(each, feedbacks) ? each : { ...each, standing: undefined }));
  await tell(
    news.filter(({ standing, decision }) => standing !== undefined || decision.record?.pullRequest?.fork === true),
    feedbacks,
  );
  const open = awaited.filter(({ decision }) => !closedMeanwhile(decision, feedbacks));
  if (run.wait !== undefined && open.length > 0) {
    await watch(run, run.wait, open, feedbacks, played);
  }
  for (const feedback of feedbacks.values()) {
    played.warnings.push(...feedback.warnings);
    played.failures.push(...feedback.failures);
  }
}

/** Previews that stay, of which a run that was stopped has not told, and of which not all is known that is told. */
function untold({ previews }: Played, feedbacks: ReadonlyMap<string, Feedback>): string[] {
  const kept = previews.filter(({ decision }) => decision.action === 'kept' && decision.state === 'active');
  return kept
    .filter((preview) => preview.decision.preview === undefined && isNews(preview, feedbacks))
    .map(({ decision }) => decision.name);
}

/** What an earlier run removed and did not tell. */
async function gone(
  run: PreviewRun,
  { broken, commit }: Reconciled,
  { previews }: Played,
  feedbacks: ReadonlyMap<string, Feedback>,
): Promise<PlayedPreview[]> {
  const known = new Set([...previews.map(({ decision }) => decision.name), ...broken.map(({ name }) => name)]);
  const pages = { commitUrl: `${opsPage(run)}/commit/${commit}`, runUrl: run.runUrl };
  const found = [...feedbacks.values()].map((feedback) => untoldPreviews(feedback, known, pages));
  return (await Promise.all(found)).flat();
}

/** What happened first is what is told, unless something came after it. */
function latest(before: Decision | undefined, now: Decision): Decision {
  const nothingNew = now.action === 'kept' || now.action === 'unchanged';
  const same = before !== undefined && nothingNew && before.state === now.state;
  return same ? { ...before, preview: before.preview ?? now.preview } : now;
}

function result(
  run: PreviewRun,
  reconciled: Reconciled,
  decided: ReadonlyMap<string, Decision>,
  feedbacks: ReadonlyMap<string, Feedback>,
): Played {
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
      shown: shownPreview(decision, previews, pages),
      standing: standingOf(decision, previews),
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
function whyGone({ name, pullRequest, repository }: OwnPreview, feedbacks: ReadonlyMap<string, Feedback>): string {
  const feedback = feedbacks.get(repository.toLowerCase());
  return pullRequest !== undefined && feedback?.isOpen(name) === false && feedback.hasComment(name)
    ? noLongerOpen(pullRequest)
    : 'there is no such preview.';
}

/** The preview that the run is about, and those that this run opened. */
function isAwaited({ decision }: PlayedPreview, { own, wait }: PreviewRun): boolean {
  const { action, name, state } = decision;
  const isOwn = name === own?.name && ['opened', 'updated', 'unchanged'].includes(action);
  return wait !== undefined && state === 'active' && (isOwn || action === 'opened');
}

function opsPage({ ops, serverUrl }: PreviewRun): string {
  return `${serverUrl}/${nameOf(ops)}`;
}

/** The addresses of a preview, by app as its apps repository calls it. */
export function urlsOf(apps: readonly ShownApp[], { guests }: Sharing): Record<string, string> {
  return Object.fromEntries(apps.filter(({ url }) => url !== '').map(({ app, url }) => [appInApps(app, guests), url]));
}
