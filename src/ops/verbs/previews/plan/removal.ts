import type { PreviewRecord } from '../../../preview-records/record.js';
import { type Decision, decisionOn } from './decision.js';
import { isExpired } from './expiry.js';
import { listOf, sameRepositoryName } from './open-pull-requests.js';
import type { ReconcileRequest } from './request.js';

/** The reason for removing the preview of a closed pull request. */
export function noLongerOpen(pullRequest: number): string {
  return `pull request #${pullRequest} is no longer open.`;
}

/**
 * Decides whether a preview is removed: because somebody requested it, because its pull request is closed, or because it
 * has expired; the first of these is the reason given.
 *
 * A list of pull requests shows one point in time: a preview requested after that stays, since its pull request may have
 * been opened since. Without a list of its repository, a preview is removed only on request or when it expires.
 *
 * @returns `undefined` when the preview stays
 */
export function removalOf(record: PreviewRecord, request: ReconcileRequest): Decision | undefined {
  const { name, repository } = record;
  const requested = (request.remove ?? []).find(
    (each) => each.name === name && sameRepositoryName(each.repository, repository),
  );
  if (requested !== undefined) {
    return decisionOn(record, 'removed', requested.reason ?? 'its removal was requested.');
  }
  const closed = closedPullRequest(record, request);
  if (closed !== undefined) {
    return decisionOn(record, 'removed', noLongerOpen(closed));
  }
  return isExpired(record, request.now)
    ? decisionOn(record, 'expired', `it expired at ${record.expiresAt}: nothing was pushed in time.`)
    : undefined;
}

/** The number of the preview's pull request, where the list says that it is closed. */
function closedPullRequest(
  { repository, pullRequest, updatedAt }: PreviewRecord,
  { pullRequests }: ReconcileRequest,
): number | undefined {
  const list = listOf(pullRequests, repository);
  if (pullRequest === undefined || list === undefined) {
    return undefined;
  }
  const isOpen = list.open.some(({ number }) => number === pullRequest.number);
  const isOlder = Date.parse(updatedAt) <= list.listedAt.getTime();
  return !isOpen && isOlder ? pullRequest.number : undefined;
}
