import { plain } from '../../../report/markdown.js';
import { type Hold, heldNames, holdReason } from '../../policy/holds.js';
import type { MergeChoice } from '../../policy/merge-decision.js';
import { mergeSentence, pullRequestBody, startedBy, why } from '../../pull-requests/body.js';
import type { PlannedChange } from '../../pull-requests/planned.js';
import { unifiedDiff } from '../../tree/unified-diff.js';

/** What a person asked for. */
export interface LiftHoldRequest {
  /** As the hold names them: `*` for the hold of all. */
  environment: string;
  apps: readonly string[];
  reason: string | undefined;
  /** Who asks: a login. */
  by: string;
  merge: MergeChoice;
  labels: readonly string[];
  runUrl: string;
}

/**
 * Our part of the text of the pull request, Markdown of at most `limit` bytes.
 *
 * @param effect what may be done again, the end of a sentence
 */
export function bodyOf(
  { environment, by, reason, runUrl, merge }: Omit<LiftHoldRequest, 'merge'> & { merge: boolean },
  app: string,
  holds: readonly Hold[],
  { before, change }: PlannedChange,
  limit: number,
  effect: string,
): string {
  const { what, where } = heldNames({ environment, app });
  const head = [
    `Lifts the hold of **${plain(what)}** in **${plain(where)}**: ${effect}.`,
    holds.map((hold) => `- ${plain(holdReason(hold))}`).join('\n'),
    why(reason),
    startedBy(by, runUrl),
  ];
  return pullRequestBody(
    { head, clusters: undefined, diff: unifiedDiff(before, change), next: mergeSentence(merge) },
    limit,
  );
}
