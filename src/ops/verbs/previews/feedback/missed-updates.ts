import { nameOf } from '../../../../github/connected.js';
import { pullRequestOfName } from '../../../preview-records/name.js';
import { noLongerOpen } from '../plan/removal.js';
import type { PreviewResult } from '../run/run-previews.js';
import type { RepositoryFeedback } from './repository-feedback.js';

/** Previews that one run makes good, of however many were left. */
const MOST = 20;

/**
 * Previews that are gone while GitHub still shows them: the run that removed them was stopped before it told. Asks only
 * where there are any.
 *
 * @param known names of previews that the ops repository has, or had until this run
 * @param pages what is linked to
 */
export async function missedRemovals(
  feedback: RepositoryFeedback,
  known: ReadonlySet<string>,
  pages: { commitUrl: string; runUrl: string },
): Promise<PreviewResult[]> {
  const lost = feedback.others
    .filter((name) => !known.has(name))
    .flatMap((name) => {
      const pullRequest = pullRequestOfName(name);
      return pullRequest === undefined ? [] : [{ name, pullRequest }];
    })
    .slice(0, MOST);
  if (lost.length > 0) {
    await feedback.open(lost);
  }
  return lost.flatMap(({ name, pullRequest }): PreviewResult[] => {
    const head = feedback.shownAt(name);
    // One of a pull request that is open may have been made since the ops repository was read.
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
        details: { name, head, newerHead: undefined, apps: [], expiresAt: '', notices: [], ...pages },
        status: { stage: 'removed', reason: reason.replace(/\.$/, '') },
      },
    ];
  });
}
