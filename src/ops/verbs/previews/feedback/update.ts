import type { Connected } from '../../../../github/connected.js';
import type { Decision } from '../plan/decision.js';
import { sameRepositoryName } from '../plan/open-pull-requests.js';
import type { PreviewDetails } from './details.js';
import type { PreviewResult } from './preview-result.js';
import { type FeedbackUpdate, type PullRequestPreview, RepositoryFeedback } from './repository-feedback.js';
import type { PreviewStatus } from './status.js';

/** The feedback of all apps repositories, by `owner/name` in lower case. */
export type FeedbackByRepository = ReadonlyMap<string, RepositoryFeedback>;

/** A preview as the feedback of its repository knows it. */
interface ReportablePreview {
  name: string;
  /** `owner/name`. */
  repository: string;
  /** `undefined` for the environment of a run, which no pull request shows. */
  pullRequest: number | undefined;
}

/** A preview whose feedback is updated. */
export interface PreviewUpdate {
  decision: Decision;
  details: PreviewDetails;
  /** `undefined` where only the note about a newer commit may change. */
  status: PreviewStatus | undefined;
}

/** The feedback of a preview's repository, `undefined` where this run may not write there. */
export function feedbackOf(feedbacks: FeedbackByRepository, repository: string): RepositoryFeedback | undefined {
  return feedbacks.get(repository.toLowerCase());
}

/**
 * Reads what GitHub shows of previews: one request for each apps repository.
 *
 * @param apps the token of an apps repository by `owner/name`, `undefined` for one that this run may not write to
 */
export async function loadFeedback(
  apps: (repository: string) => Connected | undefined,
  previews: readonly ReportablePreview[],
): Promise<FeedbackByRepository> {
  const feedbacks = new Map<string, RepositoryFeedback>();
  const loads = new Map<RepositoryFeedback, PullRequestPreview[]>();
  for (const { repository, name, pullRequest } of previews) {
    const connected = apps(repository);
    if (connected !== undefined && pullRequest !== undefined) {
      const feedback = feedbackOf(feedbacks, repository) ?? new RepositoryFeedback(connected);
      feedbacks.set(repository.toLowerCase(), feedback);
      loads.set(feedback, [...(loads.get(feedback) ?? []), { name, pullRequest }]);
    }
  }
  await Promise.all([...loads].map(([feedback, own]) => feedback.load(own)));
  return feedbacks;
}

/** Brings what GitHub shows of previews up to date, in all apps repositories that this run may write to. */
export async function updateFeedback(
  previews: readonly PreviewUpdate[],
  feedbacks: FeedbackByRepository,
): Promise<void> {
  for (const [repository, feedback] of feedbacks) {
    const updates = previews.flatMap(({ decision, details: preview, status }): FeedbackUpdate[] => {
      const { pullRequest } = decision;
      return pullRequest === undefined || !sameRepositoryName(decision.repository, repository)
        ? []
        : [{ preview, pullRequest, status }];
    });
    await feedback.update(updates);
  }
}

/**
 * Whether a preview's pull request closed while it was made: then this run has to remove it, since the clean-up of that
 * pull request may have run before.
 */
export function closedMeanwhile({ name, state, repository }: Decision, feedbacks: FeedbackByRepository): boolean {
  return state !== 'gone' && feedbackOf(feedbacks, repository)?.isOpen(name) === false;
}

/**
 * Whether what GitHub shows of a preview is to be updated. A preview that stays as it is was reported by the run that
 * changed it, unless that run was stopped before.
 */
export function needsUpdate({ decision, details, status }: PreviewResult, feedbacks: FeedbackByRepository): boolean {
  const { action, state, name, repository } = decision;
  const feedback = feedbackOf(feedbacks, repository);
  if (action === 'skipped') {
    // The run that removed it may have looked for the comment before another run wrote it.
    return state === 'gone' && feedback?.isOpen(name) === false;
  }
  if (!isUnchanged(decision) || feedback === undefined) {
    return true;
  }
  const reported = feedback.reportedStage(name, details.head);
  const isOutdated = reported === undefined || reported === 'queued' || reported === 'removed';
  return isOutdated || (status.stage === 'rolling out' && reported !== 'live');
}

/** Whether an earlier run saw an unchanged preview live, and was stopped before its deployment reported that, too. */
export function wasSeenLive({ decision, details }: PreviewResult, feedbacks: FeedbackByRepository): boolean {
  const { name, repository } = decision;
  const feedback = feedbackOf(feedbacks, repository);
  return (
    isUnchanged(decision) &&
    feedback !== undefined &&
    feedback.reportedStage(name, details.head) === undefined &&
    feedback.commentIsLive(name, details.head)
  );
}

function isUnchanged({ state, action }: Decision): boolean {
  return state === 'active' && (action === 'kept' || action === 'unchanged');
}
