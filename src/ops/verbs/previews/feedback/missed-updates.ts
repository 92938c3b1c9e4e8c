import { nameOf } from '../../../../github/connected.js';
import { pullRequestOfName } from '../../../preview-records/name.js';
import { noLongerOpen } from '../plan/removal.js';
import { feedbackOf, needsUpdate, type ReportedByRepository } from './needs-update.js';
import type { PreviewResult } from './preview-result.js';
import type { PullRequestPreview, RepositoryFeedback } from './repository-feedback.js';

/** Most removals that one run reports late; the next run reports more. */
const MOST_REMOVALS = 20;

/** What there is to tell of a preview that has gone. */
const NOTHING = {
  ...{ newerHead: undefined, apps: [], host: '', leftOut: [], notices: [] },
  ...{ expiresAt: '', keptUntil: '', filesUrl: '', commands: undefined },
};

/**
 * Names of active previews that an earlier run changed without updating their feedback, because it was stopped, and that
 * have to be rendered before a comment can list their apps. None where this run may write no comment.
 */
export function missedPreviews(results: readonly PreviewResult[], feedbacks: ReportedByRepository): string[] {
  return results
    .filter(({ decision: { action, state } }) => ['kept', 'prolonged'].includes(action) && state === 'active')
    .filter(
      ({ decision }) => decision.preview === undefined && feedbackOf(feedbacks, decision.repository) !== undefined,
    )
    .filter((result) => needsUpdate(result, feedbacks))
    .map(({ decision }) => decision.name);
}

/**
 * Finds previews that are removed while GitHub still shows them as active: the run that removed them was stopped before it
 * reported that. Makes a request only where there may be any.
 *
 * @param known names of previews that the ops repository has, or had before this run
 * @param pages what their comments link to
 */
export async function missedRemovals(
  feedback: RepositoryFeedback,
  known: ReadonlySet<string>,
  pages: { commitUrl: string; runUrl: string },
): Promise<PreviewResult[]> {
  const lost = feedback.notLoaded
    .filter((name) => !known.has(name))
    .flatMap((name): PullRequestPreview[] => {
      const pullRequest = pullRequestOfName(name);
      return pullRequest === undefined ? [] : [{ name, pullRequest }];
    })
    .slice(0, MOST_REMOVALS);
  if (lost.length > 0) {
    await feedback.load(lost);
  }
  return lost.flatMap(({ name, pullRequest }): PreviewResult[] => {
    const head = feedback.reportedHead(name);
    // While its pull request is open, it may have been created since the ops repository was read.
    if (head === undefined || feedback.isOpen(name) !== false) {
      return [];
    }
    const reason = noLongerOpen(pullRequest);
    return [
      {
        decision: {
          ...{ name, repository: nameOf(feedback.apps), pullRequest, action: 'removed', state: 'gone' },
          ...{ reason, position: undefined, record: undefined, preview: undefined },
        },
        details: { name, head, ...NOTHING, ...pages },
        status: { stage: 'removed', reason },
      },
    ];
  });
}
