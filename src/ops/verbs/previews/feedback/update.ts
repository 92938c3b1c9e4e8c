import type { Decision } from '../plan/decision.js';
import { sameRepositoryName } from '../plan/open-pull-requests.js';
import type { PreviewResult, PreviewRun } from '../run/run-previews.js';
import type { PreviewStatus } from './comment.js';
import { type FeedbackUpdate, RepositoryFeedback } from './repository-feedback.js';

/** A preview with what is to be told of it. */
type Told = Omit<PreviewResult, 'status'> & { status: PreviewStatus | undefined };

/** A preview that was opened for a pull request that had closed by then: nobody else may come by to remove it. */
export function closedMeanwhile(
  { name, state, repository }: Decision,
  feedbacks: ReadonlyMap<string, RepositoryFeedback>,
): boolean {
  return state !== 'gone' && feedbacks.get(repository.toLowerCase())?.isOpen(name) === false;
}

/** One look-up for each apps repository, all previews of it together. */
export async function loadFeedback(
  run: PreviewRun,
  decisions: readonly Decision[],
): Promise<Map<string, RepositoryFeedback>> {
  const feedbacks = new Map<string, RepositoryFeedback>();
  const wanted = new Map<string, { name: string; pullRequest: number }[]>();
  const { own } = run;
  const all = [...decisions, ...(own === undefined || decisions.some(({ name }) => name === own.name) ? [] : [own])];
  for (const { repository, name, pullRequest } of all) {
    const key = repository.toLowerCase();
    const apps = run.apps(repository);
    if (apps !== undefined && pullRequest !== undefined) {
      feedbacks.set(key, feedbacks.get(key) ?? new RepositoryFeedback(apps));
      wanted.set(key, [...(wanted.get(key) ?? []), { name, pullRequest }]);
    }
  }
  await Promise.all([...feedbacks].map(([key, feedback]) => feedback.open(wanted.get(key) ?? [])));
  return feedbacks;
}

/** Whether GitHub has to be told. What stays as it is was told by the run that made it so, unless that was stopped. */
export function needsUpdate(preview: PreviewResult, feedbacks: ReadonlyMap<string, RepositoryFeedback>): boolean {
  const { decision, details, status } = preview;
  const { action, state, name, repository } = decision;
  const feedback = feedbacks.get(repository.toLowerCase());
  if (action === 'skipped') {
    // Who removed it may have looked for the comment before it was there.
    return state === 'gone' && feedback?.isOpen(name) === false;
  }
  if (!stays(decision) || feedback === undefined) {
    return true;
  }
  const told = feedback.told(name, details.head);
  const isOutdated = told === undefined || told === 'queued' || told === 'removed';
  return isOutdated || (status.stage === 'rolling out' && told !== 'live');
}

/** Whether a run has seen it live as it is, and was stopped before it had told all of that. */
export function wasReportedLive(
  { decision, details }: PreviewResult,
  feedbacks: ReadonlyMap<string, RepositoryFeedback>,
): boolean {
  const { name, repository } = decision;
  const feedback = feedbacks.get(repository.toLowerCase());
  return (
    stays(decision) &&
    feedback !== undefined &&
    feedback.told(name, details.head) === undefined &&
    feedback.wasLive(name, details.head)
  );
}

function stays({ state, action }: Decision): boolean {
  return state === 'active' && (action === 'kept' || action === 'unchanged');
}

/**
 * Brings what GitHub shows of previews up to date.
 *
 * @param previews without a status where only word of a newer commit may be news
 */
export async function updateFeedback(
  previews: readonly Told[],
  feedbacks: ReadonlyMap<string, RepositoryFeedback>,
): Promise<void> {
  for (const [repository, feedback] of feedbacks) {
    const own = previews.flatMap(({ decision, details: preview, status }): FeedbackUpdate[] => {
      const { pullRequest } = decision;
      return pullRequest === undefined || !sameRepositoryName(decision.repository, repository)
        ? []
        : [{ preview, pullRequest, status }];
    });
    await feedback.say(own);
  }
}
