import { setTimeout as sleep } from 'node:timers/promises';
import type { GitHub } from '../../../../github/client.js';
import { type Connected, nameOf } from '../../../../github/connected.js';
import { attempt, explain } from '../../../../github/errors.js';
import { mayHaveTakenEffect, readFailure } from '../../../../github/failure.js';
import { GraphqlErrors, isStale } from '../../../../github/graphql-error.js';
import { runMutations } from '../../../../github/mutations.js';
import { type PreviewPolicy, previewPolicy } from '../../../policy/preview-policy.js';
import { openRepository } from '../../../repository/open-repository.js';
import { NOBODY } from '../../../repository/repository-state.js';
import { type Sharing, sharingOf } from '../../../repository/workspaces.js';
import type { Change, CommitMessage } from '../../../tree/change.js';
import { commitMutation, committedOid } from '../../../tree/commit-mutation.js';
import type { TreeReader } from '../../../tree/tree-reader.js';
import { planReconcile, type ReconcilePlan } from '../plan/plan.js';
import type { ReconcileRequest } from '../plan/request.js';

/** The ops repository at one commit, as far as a request depends on it. */
export interface OpsSnapshot {
  tree: TreeReader;
  previews: PreviewPolicy;
  sharing: Sharing;
}

/** A plan that is in the ops repository. */
export interface CommittedPlan extends ReconcilePlan {
  previews: PreviewPolicy;
  sharing: Sharing;
  /** Full id of the commit that has what was planned: a new one, or the last one where nothing had to change. */
  commit: string;
  /** Whether it is a new one. Never in a dry run. */
  committed: boolean;
}

export interface CommitOptions {
  /** What is requested. Called for each attempt, since it may depend on what other runs have done meanwhile. */
  request: (ops: OpsSnapshot) => Promise<Omit<ReconcileRequest, 'now'>>;
  message: (plan: ReconcilePlan) => CommitMessage;
  /** The longest first pause after another run's commit came first, in milliseconds; doubled each time. Default 100. */
  pauseMs?: number | undefined;
  /** Address of the ops repository in a browser, from which Argo CD can clone it. */
  repoURL: string;
  dryRun: boolean;
}

/** An attempt fails only when another run has committed, so all runs together always get on. */
const ATTEMPTS = 40;
const LONGEST_PAUSE_MS = 2000;

/**
 * Brings the previews of an ops repository up to date with one commit on its default branch, or none where nothing has to
 * change. GitHub refuses the commit when the branch has moved since it was read; then everything is read and planned again.
 *
 * @throws Error for people when the repository cannot be read or written, or keeps changing
 */
export async function commitPreviews(ops: Connected, options: CommitOptions): Promise<CommittedPlan> {
  const repository = nameOf(ops);
  let reason = '';
  for (let attempts = 1; attempts <= ATTEMPTS; attempts++) {
    const { plan, repo, previews, sharing } = await readAndPlan(ops, repository, options);
    const current = { ...plan, previews, sharing, commit: repo.baseOid, committed: false };
    if (options.dryRun || isEmpty(plan.change)) {
      return current;
    }
    const target = { repository, branch: repo.base, expectedHeadOid: repo.baseOid };
    const written = await write(ops.github, target, plan.change, options.message(plan));
    if ('oid' in written) {
      return { ...current, commit: written.oid, committed: true };
    }
    reason = written.reason;
    await sleep(Math.random() * Math.min(LONGEST_PAUSE_MS, (options.pauseMs ?? 100) * 2 ** Math.min(attempts - 1, 9)));
  }
  throw new Error(`${repository} kept changing while previews were written to it (${reason}). Run it again.`);
}

async function readAndPlan(ops: Connected, repository: string, { request, repoURL }: CommitOptions) {
  const operation = { doing: 'read the previews', repository, permission: 'contents: read' };
  // Nobody is asked to review, so nothing can be wrong with who is.
  const { repo, policy, tree } = await openRepository(ops, NOBODY, () => {});
  const previews = previewPolicy(policy);
  const sharing = sharingOf(policy, ops.repository);
  const requested = await request({ tree, previews, sharing });
  const plan = await attempt(operation, () => planReconcile({ ...requested, now: new Date(), tree, policy, repoURL }));
  return { repo, previews, sharing, plan };
}

function isEmpty({ files, deletions = [] }: Change): boolean {
  return files.size + deletions.length === 0;
}

/** Writes the commit. @returns its full id, or why everything is to be read again */
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
    // The commit may have been made although there was no answer: reading everything again shows that.
    const failure = readFailure(error);
    if (failure !== undefined && mayHaveTakenEffect(failure)) {
      return { reason: failure.message };
    }
    throw explain(error, operation);
  }
}
