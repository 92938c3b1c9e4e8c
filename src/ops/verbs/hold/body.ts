import { plain } from '../../../report/markdown.js';
import { utc } from '../../../report/time.js';
import { type Hold, heldNames, liftedBy } from '../../policy/holds.js';
import { mergeSentence, pullRequestBody, startedBy, why } from '../../pull-requests/body.js';
import type { PlannedChange } from '../../pull-requests/planned.js';
import { unifiedDiff } from '../../tree/unified-diff.js';

/** What a person asked for. */
export interface HoldRequest {
  /** `*` for every environment. */
  environment: string;
  /** `*` for every app. */
  apps: readonly string[];
  reason: string | undefined;
  /** Milliseconds, `undefined` for until it is lifted. */
  forMs: number | undefined;
  /** Who asks: a login. */
  by: string;
  /** Whether its pull request merges by itself, where there is one. */
  merge: boolean;
  labels: readonly string[];
  runUrl: string;
}

/**
 * Our part of the text of the pull request, Markdown of at most `limit` bytes.
 *
 * @param effect what the hold keeps out, the end of a sentence
 */
export function bodyOf(
  { by, reason, runUrl, merge }: Pick<HoldRequest, 'by' | 'reason' | 'runUrl' | 'merge'>,
  hold: Hold,
  { before, change }: PlannedChange,
  limit: number,
  effect: string,
): string {
  const { what, where } = heldNames(hold);
  const end = hold.until === undefined ? `until ${liftedBy(hold)} lifts it` : `until ${utc(new Date(hold.until))}`;
  const head = [
    `Keeps **${plain(what)}** in **${plain(where)}** as it is ${plain(end)}: ${effect}.`,
    why(reason),
    startedBy(by, runUrl),
  ];
  return pullRequestBody(
    { head, clusters: undefined, diff: unifiedDiff(before, change), next: mergeSentence(merge) },
    limit,
  );
}
