import { nameOf } from '../../../../github/connected.js';
import { pullRequestOfName } from '../../../preview-records/name.js';
import { noLongerOpen } from '../plan/removal.js';
import { feedbackOf, needsUpdate, type ReportedByRepository } from './needs-update.js';
import type { PreviewResult } from './preview-result.js';
import type { PullRequestPreview, RepositoryFeedback } from './repository-feedback.js';

/** What GitHub shows of previews that an earlier run may have removed. */
export type MissedFeedback = Pick<
  RepositoryFeedback,
  'apps' | 'notLoaded' | 'load' | 'reportedHead' | 'reportedStage' | 'isOpen'
>;

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
 * reported that, or may not write to their repository. Makes a request only where there may be any.
 *
 * @param known names of previews that the ops repository has, or had before this run
 * @param pages what their comments link to
 * @param goneReason why a preview at this commit has gone; `undefined` where nobody knows that it has
 */
export async function missedRemovals(
  feedback: MissedFeedback,
  known: ReadonlySet<string>,
  pages: { commitUrl: string; runUrl: string },
  goneReason: (name: string, head: string) => Promise<string | undefined>,
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
  const found = lost.map(async ({ name, pullRequest }): Promise<PreviewResult[]> => {
    const head = feedback.reportedHead(name);
    const isOpen = feedback.isOpen(name);
    if (head === undefined || isOpen === undefined) {
      return [];
    }
    // One that never could be opened is shown as failed, and nothing has to be told of it.
    if (isOpen && feedback.reportedStage(name, head) === 'failed') {
      return [];
    }
    // While its pull request is open, it may have been created since the ops repository was read.
    const reason = isOpen ? await goneReason(name, head) : noLongerOpen(pullRequest);
    return reason === undefined ? [] : [removed(feedback, { name, pullRequest }, head, reason, pages)];
  });
  return (await Promise.all(found)).flat();
}

function removed(
  { apps }: MissedFeedback,
  { name, pullRequest }: PullRequestPreview,
  head: string,
  reason: string,
  pages: { commitUrl: string; runUrl: string },
): PreviewResult {
  return {
    decision: {
      ...{ name, repository: nameOf(apps), pullRequest, action: 'removed', state: 'gone' },
      ...{ reason, position: undefined, record: undefined, preview: undefined },
    },
    details: { name, head, ...NOTHING, ...pages },
    status: { stage: 'removed', reason },
  };
}
