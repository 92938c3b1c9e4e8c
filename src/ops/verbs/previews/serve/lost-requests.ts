import type { PreviewRecord } from '../../../preview-records/record.js';
import type { PreviewRequest } from '../ask/request-record.js';
import { type OpenPullRequests, sameRepositoryName } from '../plan/open-pull-requests.js';
import type { Asker } from './askers.js';

/** Most requests that one sweep makes good; the next one makes more. */
export const MOST_LOST = 20;

/** Open pull requests whose record is of another commit, or missing. */
export function unanswered(
  { repository, open }: OpenPullRequests,
  records: readonly PreviewRecord[],
): OpenPullRequests['open'][number][] {
  return open.filter(({ number, head }) => {
    const record = records.find(
      (each) => each.pullRequest?.number === number && sameRepositoryName(each.repository, repository),
    );
    return record?.head !== head;
  });
}

/**
 * What was asked for in vain: the newest run for the head of an open pull request whose record is of another commit, or missing. One
 * from a fork has no run that asks, but one of the default branch, which is for another commit.
 */
export function lostRequests(
  list: OpenPullRequests,
  askers: readonly Asker[],
  records: readonly PreviewRecord[],
): PreviewRequest[] {
  return unanswered(list, records).flatMap(({ number, head, fork }) => {
    const [asker] = newestFirst(askers.filter((each) => each.head === head));
    return asker === undefined || fork === true
      ? []
      : [{ repository: list.repository, run: asker.run, pull_request: number }];
  });
}

export function newestFirst(askers: readonly Asker[]): Asker[] {
  return [...askers].sort((one, other) => other.askedAt.getTime() - one.askedAt.getTime());
}
