import { code, link, plain } from '../../../report/markdown.js';
import { entryVersion } from '../../ledger/entry-version.js';
import { holdReason } from '../../policy/holds.js';
import { mergeSentence, pullRequestBody, startedBy } from '../../pull-requests/body.js';
import type { PlannedChange } from '../../pull-requests/planned.js';
import type { ClusterChanges } from '../../render/cluster-changes.js';
import { unifiedDiff } from '../../tree/unified-diff.js';
import type { Subject } from './message.js';

/** Our block in the pull request, Markdown of at most `limit` bytes. */
export function bodyOf(
  { environment: where, hold, goal, entry }: Subject,
  clusters: ClusterChanges,
  { before, change }: PlannedChange,
  runUrl: string,
  limit: number,
): string {
  const source =
    entry.pullRequest === undefined
      ? code(entry.oid.slice(0, 7))
      : link(`#${entry.pullRequest.number}`, entry.pullRequest.url);
  const [app, environment] = [plain(goal.app), plain(where)];
  const head = [
    `Takes **${app}** in **${environment}** back from ${code(entryVersion(entry))} to ${code(goal.version)}: ${source} was merged by a run that had not seen the hold.`,
    `**${app}** is ${plain(holdReason(hold))}.`,
    startedBy('', runUrl),
  ];
  return pullRequestBody({ head, clusters, diff: unifiedDiff(before, change), next: mergeSentence(true) }, limit);
}
