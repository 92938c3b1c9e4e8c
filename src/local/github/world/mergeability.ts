import type { Account } from './accounts.js';
import { latestRuns, latestStatuses } from './latest-checks.js';
import type { CheckRunRecord, PullRecord, RequiredCheck, ReviewRecord, StatusRecord } from './records.js';
import type { Repository } from './repository.js';
import { asksForPull, type BranchRules, branchRules, roleOf } from './rulesets.js';
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
  const reasons = [
    ...(rule?.update === true ? ['Cannot update this protected ref.'] : []),
    ...missingReviews(repository, rule, pull),
    ...missingChecks(repository, rule, pull.headOid),
  ];
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
  const rule = branchRules(repository, branch, account, 'push');
  if (rule === undefined) {
    return [];
  }
  return [
    ...(asksForPull(rule) ? ['Changes must be made through a pull request.'] : []),
    ...(rule.mergeQueue === undefined ? [] : ['Changes must be made through the merge queue']),
    ...missingChecks(repository, rule, sha),
  ];
}

/** The newest verdict of every status context and check run of a commit. */
export function checkVerdicts(repository: Repository, sha: string): Map<string, CheckVerdict> {
  const verdicts = new Map<string, CheckVerdict>();
  for (const status of latestStatuses(repository, sha)) {
    verdicts.set(`status ${status.context}`, verdictOfStatus(status));
  }
  for (const run of latestRuns(repository, sha)) {
    verdicts.set(`run ${run.name}`, verdictOfRun(run));
  }
  return verdicts;
}

function verdictOfStatus({ state }: StatusRecord): CheckVerdict {
  return state === 'error' ? 'failure' : state;
}

/** GitHub takes a neutral or skipped check run for a success. */
function verdictOfRun({ status, conclusion }: CheckRunRecord): CheckVerdict {
  const passed = ['success', 'neutral', 'skipped'].includes(conclusion ?? '');
  return status !== 'completed' ? 'pending' : passed ? 'success' : 'failure';
}

/**
 * The verdict of a required check on a commit. Of an App only its own check runs and statuses count; of a check run and a
 * status with one name both have to pass.
 *
 * @returns `undefined` where nobody that counts has reported it
 * @see https://docs.github.com/pull-requests/collaborating-with-pull-requests/collaborating-on-repositories-with-code-quality-features/troubleshooting-required-status-checks
 */
export function verdictOf(repository: Repository, sha: string, { context, appId }: RequiredCheck) {
  const { apps } = repository.people;
  const run = latestRuns(repository, sha)
    .filter(({ name, appId: by }) => name === context && (appId === undefined || by === appId))
    .at(-1);
  const status = latestStatuses(
    repository,
    sha,
    (one) => appId === undefined || apps.ofAccount(one.creator)?.id === appId,
  ).find((one) => one.context === context);
  const verdicts = [
    ...(run === undefined ? [] : [verdictOfRun(run)]),
    ...(status === undefined ? [] : [verdictOfStatus(status)]),
  ];
  return (['failure', 'pending', 'success'] as const).find((verdict) => verdicts.includes(verdict));
}

/** The last review of each reviewer that approves, asks for changes, or was dismissed. */
export function latestReviews(pull: PullRecord): ReviewRecord[] {
  const latest = new Map<number, ReviewRecord>();
  for (const review of pull.reviews.filter(({ state }) => state !== 'COMMENTED' && state !== 'PENDING')) {
    latest.set(review.author.id, review);
  }
  return [...latest.values()];
}

/** Whether the reviews of an account count; an App's do. */
export function mayWrite(repository: Repository, account: Account): boolean {
  const role = roleOf(repository, account);
  return role !== 'read' && role !== 'triage';
}

function missingReviews(repository: Repository, rule: BranchRules | undefined, pull: PullRecord): string[] {
  const wanted = rule?.requiredApprovals ?? 0;
  if (wanted === 0) {
    return [];
  }
  const reviews = latestReviews(pull).filter(({ author }) => mayWrite(repository, author));
  if (reviews.some(({ state }) => state === 'CHANGES_REQUESTED')) {
    return ['Changes have been requested.'];
  }
  const approvals = reviews.filter(({ state }) => state === 'APPROVED').length;
  const plural = wanted === 1 ? 'review is' : 'reviews are';
  if (approvals >= wanted && rule?.lastPushApproval === true && !isLastPushApproved(pull)) {
    return ['New changes require approval from someone other than the last pusher.'];
  }
  return approvals >= wanted ? [] : [`At least ${wanted} approving ${plural} required by reviewers with write access.`];
}

/** Whether somebody approved the head who did not push it. */
function isLastPushApproved(pull: PullRecord): boolean {
  const ref = `refs/heads/${pull.headRef}`;
  const pusher = pull.headRepository.activities.filter((activity) => activity.ref === ref).at(-1)?.actor;
  return latestReviews(pull).some(
    ({ state, commit, author }) => state === 'APPROVED' && commit === pull.headOid && author !== pusher,
  );
}

/** Why a commit lacks the checks that a branch requires: GitHub's sentences; empty when it has them. */
export function missingChecks(
  repository: Repository,
  rule: Pick<BranchRules, 'requiredChecks'> | undefined,
  sha: string,
): string[] {
  const required = rule?.requiredChecks ?? [];
  const verdicts = new Map(required.map((check) => [check, verdictOf(repository, sha, check)]));
  const missing = required.filter((check) => verdicts.get(check) !== 'success');
  if (missing.length > 1) {
    return [`${missing.length} of ${required.length} required status checks are expected.`];
  }
  return missing.map((check) => {
    const verdict = verdicts.get(check);
    const state = verdict === undefined ? 'expected' : verdict === 'failure' ? 'failing' : 'pending';
    return `Required status check "${check.context}" is ${state}.`;
  });
}
