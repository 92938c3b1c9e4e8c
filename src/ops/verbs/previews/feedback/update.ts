import type { Decision } from '../plan/decision.js';
import { sameRepositoryName } from '../plan/removal.js';
import type { PlayedPreview, PreviewRun } from '../run/run-previews.js';
import type { Standing } from './comment.js';
import { Feedback, type Said } from './repository-feedback.js';

/** A preview with what is to be told of it. */
type Told = Omit<PlayedPreview, 'standing'> & { standing: Standing | undefined };

/** A preview that was opened for a pull request that had closed by then: nobody else may come by to remove it. */
export function closedMeanwhile(
  { name, state, repository }: Decision,
  feedbacks: ReadonlyMap<string, Feedback>,
): boolean {
  return state !== 'gone' && feedbacks.get(repository.toLowerCase())?.isOpen(name) === false;
}

/** One look-up for each apps repository, all previews of it together. */
export async function openFeedbacks(run: PreviewRun, decisions: readonly Decision[]): Promise<Map<string, Feedback>> {
  const feedbacks = new Map<string, Feedback>();
  const wanted = new Map<string, { name: string; pullRequest: number }[]>();
  const { own } = run;
  const all = [...decisions, ...(own === undefined || decisions.some(({ name }) => name === own.name) ? [] : [own])];
  for (const { repository, name, pullRequest } of all) {
    const key = repository.toLowerCase();
    const apps = run.apps(repository);
    if (apps !== undefined && pullRequest !== undefined) {
      feedbacks.set(key, feedbacks.get(key) ?? new Feedback(apps));
      wanted.set(key, [...(wanted.get(key) ?? []), { name, pullRequest }]);
    }
  }
  await Promise.all([...feedbacks].map(([key, feedback]) => feedback.open(wanted.get(key) ?? [])));
  return feedbacks;
}

/** Whether GitHub has to be told. What stays as it is was told by the run that made it so, unless that was stopped. */
export function isNews(preview: PlayedPreview, feedbacks: ReadonlyMap<string, Feedback>): boolean {
  const { decision, shown, standing } = preview;
  const { action, state, name, repository } = decision;
  const feedback = feedbacks.get(repository.toLowerCase());
  if (action === 'skipped') {
    // Who removed it may have looked for the comment before it was there.
    return state === 'gone' && feedback?.isOpen(name) === false;
  }
  if (!stays(decision) || feedback === undefined) {
    return true;
  }
  const told = feedback.told(name, shown.head);
  const isOutdated = told === undefined || told === 'queued' || told === 'removed';
  return isOutdated || (standing.stage === 'rolling out' && told !== 'live');
}

/** Whether a run has seen it live as it is, and was stopped before it had told all of that. */
export function wasSeenLive({ decision, shown }: PlayedPreview, feedbacks: ReadonlyMap<string, Feedback>): boolean {
  const { name, repository } = decision;
  const feedback = feedbacks.get(repository.toLowerCase());
  return (
    stays(decision) &&
    feedback !== undefined &&
    feedback.told(name, shown.head) === undefined &&
    feedback.wasLive(name, shown.head)
  );
}

function stays({ state, action }: Decision): boolean {
  return state === 'active' && (action === 'kept' || action === 'unchanged');
}

/**
 * Brings what GitHub shows of previews up to date.
 *
 * @param previews without a standing where only word of a newer commit may be news
 */
export async function tell(previews: readonly Told[], feedbacks: ReadonlyMap<string, Feedback>): Promise<void> {
  for (const [repository, feedback] of feedbacks) {
    const own = previews.flatMap(({ decision, shown: preview, standing }): Said[] => {
      const { pullRequest } = decision;
      return pullRequest === undefined || !sameRepositoryName(decision.repository, repository)
        ? []
        : [{ preview, pullRequest, standing }];
    });
    await feedback.say(own);
  }
}
