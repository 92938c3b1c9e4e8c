import type { PreviewRecord } from '../../../preview-records/record.js';
import { type Decision, decisionOn, type OpenPullRequests, type ReconcileRequest } from './decision.js';

/** Whether two names mean one repository; GitHub takes no notice of case. */
export function sameRepositoryName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** Why the preview of a closed pull request goes. */
export function noLongerOpen(pullRequest: number): string {
  return `pull request #${pullRequest} is no longer open.`;
}

/** The list of a repository's open pull requests, where there is one. */
export function pullRequestsOf(request: ReconcileRequest, repository: string): OpenPullRequests | undefined {
  return request.pullRequests.find((each) => sameRepositoryName(each.repository, repository));
}

/**
 * Why a preview goes, in this order: somebody says so, its pull request is closed, it expired.
 *
 * A list of pull requests is taken for what it is, the state at one time: a preview asked for after that stays, since
 * its pull request may have been opened since. No list, no removal.
 *
 * @returns the decision, `undefined` when the preview stays
 */
export function whyGone(record: PreviewRecord, request: ReconcileRequest): Decision | undefined {
  const { name, repository, pullRequest } = record;
  const asked = (request.remove ?? []).some(
    (each) => each.name === name && sameRepositoryName(each.repository, repository),
  );
  if (asked) {
    return decisionOn(record, 'removed', 'it was asked to go.');
  }
  const list = pullRequestsOf(request, repository);
  if (pullRequest !== undefined && list !== undefined) {
    const open = list.open.some(({ number }) => number === pullRequest.number);
    if (!open && Date.parse(record.updatedAt) <= list.listedAt.getTime()) {
      return decisionOn(record, 'removed', noLongerOpen(pullRequest.number));
    }
  }
  return Date.parse(record.expiresAt) <= request.now.getTime()
    ? decisionOn(record, 'expired', `nothing happened to it, and its time was over at ${record.expiresAt}.`)
    : undefined;
}
