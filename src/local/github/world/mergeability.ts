import type { Account } from './accounts.js';
import type { Protection, PullRecord, ReviewRecord } from './records.js';
import type { Repository } from './repository.js';
import { branchRules } from './rulesets.js';
import type { World } from './world.js';

export interface MergeState {
  /** Whether a merge would be free of conflicts. */
  mergeable: boolean;
  /** GitHub's `mergeStateStatus`. */
  status: 'CLEAN' | 'UNSTABLE' | 'BLOCKED' | 'BEHIND' | 'DIRTY' | 'DRAFT';
  /** GitHub's sentences for why the pull request may not merge; empty when it may. */
  reasons: string[];
}

/** The merge state as answers show it: `undefined` while it is not known yet, and for a closed pull request. */
export async function visibleMergeState(
  world: World,
  repository: Repository,
  pull: PullRecord,
): Promise<MergeState | undefined> {
  const base = (await repository.branch(pull.baseRef)) ?? pull.baseOid;
  return pull.state !== 'open' || world.isMergeabilityUnknown(base, pull.headOid)
    ? undefined
    : mergeState(repository, pull);
}

export type CheckVerdict = 'success' | 'failure' | 'pending';

/**
 * Works out whether a pull request can merge, as its merge box shows it.
 * Meaning of the values: https://docs.github.com/graphql/reference/enums#mergestatestatus
 *
 * @param account who would merge: rulesets that it may bypass do not count. Nobody in particular by default
 */
export async function mergeState(repository: Repository, pull: PullRecord, account?: Account): Promise<MergeState> {
  const base = (await repository.branch(pull.baseRef)) ?? pull.baseOid;
  const { behind } = await repository.history.divergence(base, pull.headOid);
  const mergeable = behind === 0 || (await repository.history.mergeTree(base, pull.headOid)) !== null;
  if (!mergeable) {
    return { mergeable, status: 'DIRTY', reasons: ['Pull Request is not mergeable'] };
  }
  if (pull.draft) {
    return { mergeable, status: 'DRAFT', reasons: ['Pull Request is still a draft'] };
  }
  const rule = branchRules(repository, pull.baseRef, account);
  const reasons = [...missingReviews(rule, pull), ...missingChecks(repository, rule, pull.headOid)];
  if (reasons.length > 0) {
    return { mergeable, status: 'BLOCKED', reasons };
  }
  if (rule?.strict === true && behind > 0) {
    const reason = 'Head branch is out of date. Review and try the merge again.';
    return { mergeable, status: 'BEHIND', reasons: [reason] };
  }
  const verdicts = [...checkVerdicts(repository, pull.headOid).values()];
  const unstable = verdicts.some((verdict) => verdict !== 'success');
  return { mergeable, status: unstable ? 'UNSTABLE' : 'CLEAN', reasons: [] };
}

/**
 * Why a commit may not become the tip of a protected branch by itself, without a pull request.
 *
 * @returns GitHub's sentences; empty when it may
 */
export function refusedTip(repository: Repository, branch: string, sha: string, account: Account): string[] {
  const rule = branchRules(repository, branch, account);
  if (rule === undefined) {
    return [];
  }
  const needsPull = (rule.requiredApprovals ?? 0) > 0 || rule.pullRequest === true;
  return [
    ...(needsPull ? ['Changes must be made through a pull request.'] : []),
    ...(rule.mergeQueue === undefined ? [] : ['Changes must be made through the merge queue']),
    ...missingChecks(repository, rule, sha),
  ];
}

/** The newest verdict of every status context and check run of a commit. */
export function checkVerdicts(repository: Repository, sha: string): Map<string, CheckVerdict> {
  const verdicts = new Map<string, CheckVerdict>();
  for (const status of repository.statuses.filter((candidate) => candidate.sha === sha)) {
    verdicts.set(status.context, status.state === 'error' ? 'failure' : status.state);
  }
  for (const run of repository.checkRuns.filter((candidate) => candidate.sha === sha)) {
    const passed = ['success', 'neutral', 'skipped'].includes(run.conclusion ?? '');
    verdicts.set(run.name, run.status !== 'completed' ? 'pending' : passed ? 'success' : 'failure');
  }
  return verdicts;
}

/** The last review of each reviewer that approves, asks for changes, or was dismissed. */
export function latestReviews(pull: PullRecord): ReviewRecord[] {
  const latest = new Map<number, ReviewRecord>();
  for (const review of pull.reviews.filter(({ state }) => state !== 'COMMENTED')) {
    latest.set(review.author.id, review);
  }
  return [...latest.values()];
}

function missingReviews(rule: Protection | undefined, pull: PullRecord): string[] {
  const wanted = rule?.requiredApprovals ?? 0;
  if (wanted === 0) {
    return [];
  }
  const reviews = latestReviews(pull);
  if (reviews.some(({ state }) => state === 'CHANGES_REQUESTED')) {
    return ['Changes have been requested.'];
  }
  const approvals = reviews.filter(({ state }) => state === 'APPROVED').length;
  const plural = wanted === 1 ? 'review is' : 'reviews are';
  return approvals >= wanted ? [] : [`At least ${wanted} approving ${plural} required by reviewers with write access.`];
}

function missingChecks(repository: Repository, rule: Protection | undefined, sha: string): string[] {
  const required = rule?.requiredChecks ?? [];
  if (required.length === 0) {
    return [];
  }
  const verdicts = checkVerdicts(repository, sha);
  const missing = required.filter((name) => verdicts.get(name) !== 'success');
  if (missing.length > 1) {
    return [`${missing.length} of ${required.length} required status checks are expected.`];
  }
  return missing.map((name) => {
    const verdict = verdicts.get(name);
    const state = verdict === undefined ? 'expected' : verdict === 'failure' ? 'failing' : 'pending';
    return `Required status check "${name}" is ${state}.`;
  });
}
