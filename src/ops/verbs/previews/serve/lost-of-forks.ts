import { type Connected, nameOf } from '../../../../github/connected.js';
import { info } from '../../../../runtime/log.js';
import type { PreviewPolicy } from '../../../policy/preview-policy.js';
import type { PreviewRecord } from '../../../preview-records/record.js';
import type { PreviewRequest } from '../ask/request-record.js';
import type { OpenPullRequests } from '../plan/open-pull-requests.js';
import type { Asker } from './askers.js';
import { MOST_LOST, newestFirst, unanswered } from './lost-requests.js';
import { readRequest } from './read-request.js';

/** An apps repository's open pull requests, and its runs that asked lately. */
export interface Listed {
  list: OpenPullRequests;
  askers: readonly Asker[];
}

/** Tells the pull request that a run asks for, and its commit; `undefined` where it says nothing to believe. */
export type AskedBy = (run: number) => Promise<{ number: number; head: string } | undefined>;

/**
 * What was asked for in vain for pull requests of forks. A run of the default branch asks for these, and which one it is for stands in
 * its artifact alone, so of as many as a sweep makes good the artifacts are read. Whether it may have what it asks for, and whether
 * the label is there still, is judged when it is served.
 *
 * @param forks what the policy says of forks
 */
export async function lostOfForks(
  { list, askers }: Listed,
  records: readonly PreviewRecord[],
  forks: PreviewPolicy['forks'],
  askedBy: AskedBy,
): Promise<PreviewRequest[]> {
  const { repository, defaultBranch } = list;
  const waiting = new Map(
    unanswered(list, records).flatMap(({ number, head, fork }) => (fork ? [[number, head]] : [])),
  );
  const ofDefault = newestFirst(askers.filter(({ branch }) => branch !== undefined && branch === defaultBranch));
  const found: PreviewRequest[] = [];
  for (const { run } of forks === 'labelled' ? ofDefault.slice(0, MOST_LOST) : []) {
    if (waiting.size === 0) {
      break;
    }
    const pull = await askedBy(run);
    if (pull !== undefined && waiting.get(pull.number) === pull.head) {
      waiting.delete(pull.number);
      found.push({ repository, run, pull_request: pull.number });
    }
  }
  return found;
}

/** What the artifacts of an apps repository's runs say. */
export function askedIn(apps: Connected): AskedBy {
  return async (run) => {
    try {
      // Which one is not known yet: that there is one tells the name of the artifact.
      const { record } = await readRequest(apps, { repository: nameOf(apps), run, pull_request: 1 });
      return record?.pullRequest === undefined ? undefined : { number: record.pullRequest, head: record.head };
    } catch (error) {
      info(`Not taken up: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  };
}
