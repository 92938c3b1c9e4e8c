import type { Decision } from '../plan/decision.js';
import type { PreviewResult } from './preview-result.js';
import type { RepositoryFeedback } from './repository-feedback.js';

/** What GitHub shows of the previews of one apps repository. */
export type ReportedFeedback = Pick<RepositoryFeedback, 'isOpen' | 'reportedStage' | 'commentIsLive'>;

/** The same of several apps repositories, by `owner/name` in lower case. */
export type ReportedByRepository = ReadonlyMap<string, ReportedFeedback>;

/** The feedback of a preview's repository, `undefined` where this run may not write there. */
export function feedbackOf<T>(feedbacks: ReadonlyMap<string, T>, repository: string): T | undefined {
  return feedbacks.get(repository.toLowerCase());
}

/**
 * Whether a preview's pull request closed while it was made: then this run has to remove it, since the clean-up of that
 * pull request may have run before.
 */
export function closedMeanwhile({ name, state, repository }: Decision, feedbacks: ReportedByRepository): boolean {
  return state !== 'gone' && feedbackOf(feedbacks, repository)?.isOpen(name) === false;
}

/**
 * Whether what GitHub shows of a preview is to be updated. A preview that stays as it is was reported by the run that
 * changed it, unless that run was stopped before.
 */
export function needsUpdate({ decision, details, status }: PreviewResult, feedbacks: ReportedByRepository): boolean {
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
  // What was not written in time is there now; of what a run waits for, the cluster tells.
  const isThere = action === 'unchanged' && reported === 'failed';
  const isOutdated =
    isThere ||
    reported === undefined ||
    ['queued', 'removed'].includes(reported) ||
    (reported === 'asleep') !== (status.stage === 'asleep');
  return isOutdated || (status.stage === 'rolling out' && reported !== 'live');
}

/** Whether an earlier run saw an unchanged preview live, and was stopped before its deployment reported that, too. */
export function wasSeenLive({ decision, details }: PreviewResult, feedbacks: ReportedByRepository): boolean {
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
  return state === 'active' && ['kept', 'unchanged', 'prolonged'].includes(action);
}
