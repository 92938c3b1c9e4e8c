import { plain } from '../../../report/markdown.js';
import { utc } from '../../../report/time.js';
import { type Hold, heldNames, liftedBy } from '../../policy/holds.js';
import { mergeSentence, pullRequestBody, startedBy, why } from '../../pull-requests/body.js';
import type { PlannedChange } from '../../pull-requests/planned.js';
import { unifiedDiff } from '../../tree/unified-diff.js';
import type { HoldRequest } from './hold.js';

/** Our part of the text of the pull request, Markdown of at most `limit` bytes. */
export function bodyOf(
  { by, reason, runUrl, merge }: Pick<HoldRequest, 'by' | 'reason' | 'runUrl' | 'merge'>,
  hold: Hold,
  { before, change }: PlannedChange,
  limit: number,
): string {
  const { what, where } = heldNames(hold);
  const end = hold.until === undefined ? `until ${liftedBy(hold)} lifts it` : `until ${utc(new Date(hold.until))}`;
  const head = [
    `Keeps **${plain(what)}** in **${plain(where)}** as it is ${plain(end)}: no release and no promotion replaces it.`,
    why(reason),
    startedBy(by, runUrl),
  ];
  return pullRequestBody(
    { head, clusters: undefined, diff: unifiedDiff(before, change), next: mergeSentence(merge) },
    limit,
  );
}
