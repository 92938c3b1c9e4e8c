import type { Connected } from '../../../../github/connected.js';
import type { Decision } from '../plan/decision.js';
import { sameRepositoryName } from '../plan/open-pull-requests.js';
import type { PreviewDetails } from './details.js';
import { feedbackOf } from './needs-update.js';
import { type FeedbackUpdate, type PullRequestPreview, RepositoryFeedback } from './repository-feedback.js';
import type { PreviewStatus } from './status.js';

/** The feedback of all apps repositories that a run may write to, by `owner/name` in lower case. */
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
  /** `undefined` where only the note about a newer commit, and the time that it is there, may change. */
  status: PreviewStatus | undefined;
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
