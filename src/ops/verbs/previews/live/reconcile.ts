import { setTimeout as sleep } from 'node:timers/promises';
import type { GitHub } from '../../../../github/client.js';
import { type Connected, nameOf } from '../../../../github/connected.js';
import { attempt, explain } from '../../../../github/errors.js';
import { readFailure } from '../../../../github/failure.js';
import { GraphqlErrors, isStale } from '../../../../github/graphql-error.js';
import { runMutations } from '../../../../github/mutations.js';
import { readPolicy } from '../../../policy/policy.js';
import { type PreviewPolicy, previewPolicy } from '../../../policy/preview-policy.js';
import { opsTree } from '../../../repository/ops-tree.js';
import { NOBODY, readRepositoryState } from '../../../repository/repository-state.js';
import { type Sharing, sharingOf } from '../../../repository/workspaces.js';
import type { Change, CommitMessage } from '../../../tree/change.js';
import { commitMutation, committedOid } from '../../../tree/commit-mutation.js';
import type { TreeReader } from '../../../tree/tree-reader.js';
import type { ReconcileRequest } from '../decision.js';
import { planReconcile, type ReconcilePlan } from '../plan.js';

/** The ops repository at one commit, for who asks what is wanted. */
export interface OpsView {
  tree: TreeReader;
  previews: PreviewPolicy;
  sharing: Sharing;
}

export interface Reconciled extends ReconcilePlan {
  previews: PreviewPolicy;
  sharing: Sharing;
  /** The commit that holds what was decided: ours, or the one that needed no change. */
  commit: string;
  /** Whether it is ours. */
  committed: boolean;
}

export interface ReconcileOptions {
  /** What is wanted, asked anew for every attempt: it may have changed as the ops repository has. */
  request: (view: OpsView) => Promise<Omit<ReconcileRequest, 'now'>>;
  message: (plan: ReconcilePlan) => CommitMessage;
  /** Milliseconds of the first pause after another run was faster, at most; doubled each time. 100 by default. */
  pauseMs?: number | undefined;
  /** Address of the ops repository in a browser, which Argo CD clones from. */
  repoURL: string;
  dryRun: boolean;
}

/** Each attempt that loses to another run's commit means that another run got through. */
const ATTEMPTS = 40;
const LONGEST_PAUSE_MS = 2000;

/**
 * Makes the previews of an ops repository what they should be, in one commit on its default branch, or none where all is
 * so already. The commit is refused when the branch has moved since it was read; then everything is read and planned
 * again.
 *
 * @throws Error in words for people when the repository cannot be read or written
 */
export async function reconcile(ops: Connected, options: ReconcileOptions): Promise<Reconciled> {
  const repository = nameOf(ops);
  let reason = '';
  for (let round = 1; round <= ATTEMPTS; round++) {
    const { plan, repo, previews, sharing } = await snapshot(ops, repository, options);
    const found = { ...plan, previews, sharing, commit: repo.baseOid, committed: false };
    if (options.dryRun || isEmpty(plan.change)) {
      return found;
    }
    const target = { repository, branch: repo.base, expectedHeadOid: repo.baseOid };
    const written = await write(ops.github, target, plan.change, options.message(plan));
    if ('oid' in written) {
      return { ...found, commit: written.oid, committed: true };
    }
    reason = written.reason;
    await sleep(Math.random() * Math.min(LONGEST_PAUSE_MS, (options.pauseMs ?? 100) * 2 ** Math.min(round - 1, 9)));
  }
  throw new Error(`${repository} kept changing while previews were written to it (${reason}). Run it again.`);
}

async function snapshot(ops: Connected, repository: string, { request, repoURL }: ReconcileOptions) {
  const operation = { doing: 'read the previews', repository, permission: 'contents: read' };
  const repo = await attempt(operation, () => readRepositoryState(ops.github, ops.repository, NOBODY));
  const policy = readPolicy(repo.policyText);
  const previews = previewPolicy(policy);
  const tree = opsTree(ops.github, ops.repository, repo).base;
  const sharing = sharingOf(policy, ops.repository);
  const asked = await request({ tree, previews, sharing });
  const plan = await attempt(operation, () => planReconcile({ ...asked, now: new Date(), tree, policy, repoURL }));
  return { repo, previews, sharing, plan };
}

function isEmpty({ files, deletions = [] }: Change): boolean {
  return files.size + deletions.length === 0;
}

/** @returns the commit, or why everything is to be read again */
async function write(
  github: GitHub,
  target: { repository: string; branch: string; expectedHeadOid: string },
  change: Change,
  message: CommitMessage,
): Promise<{ oid: string } | { reason: string }> {
  const { repository, branch } = target;
  const operation = { doing: `commit to ${branch}`, repository, permission: 'contents: write' };
  try {
    const results = await runMutations(github, 'CommitPreviews', [commitMutation('commit', target, change, message)]);
    const oid = committedOid(results, 'commit');
    if (oid !== undefined) {
      return { oid };
    }
    const error = results.errors[0];
    if (error !== undefined && isStale(error)) {
      return { reason: error.message };
    }
    throw new GraphqlErrors([...results.errors]);
  } catch (error) {
    // Whether a request without an answer took effect shows when everything is read again.
    const failure = readFailure(error);
    if (failure?.unanswered || (failure?.status ?? 0) >= 500) {
      return { reason: failure?.message ?? '' };
    }
    throw explain(error, operation);
  }
}
