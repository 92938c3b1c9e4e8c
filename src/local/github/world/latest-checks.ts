import type { CheckRunRecord, StatusRecord } from './records.js';
import type { Repository } from './repository.js';

/** The check runs of a commit that count: the newest of each name in its suite. Oldest first. */
export function latestRuns(repository: Repository, sha: string): CheckRunRecord[] {
  const latest = new Map<string, CheckRunRecord>();
  for (const run of repository.checkRuns.filter((candidate) => candidate.sha === sha)) {
    const key = `${run.suite} ${run.name}`;
    latest.delete(key);
    latest.set(key, run);
  }
  return [...latest.values()];
}

/** The newest status of each context of a commit. */
export function latestStatuses(
  repository: Repository,
  sha: string,
  counts: (status: StatusRecord) => boolean = () => true,
): StatusRecord[] {
  const latest = new Map<string, StatusRecord>();
  for (const status of repository.statuses.filter((candidate) => candidate.sha === sha && counts(candidate))) {
    latest.set(status.context, status);
  }
  return [...latest.values()];
}
