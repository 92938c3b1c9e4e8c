import type { Account } from './accounts.js';
import type { Again, RunRecord } from './records.js';
import { notFound, Refusal } from './refusal.js';
import type { Repository } from './repository.js';
import type { World } from './world.js';

/** What the runner says of a run when it is requested, starts and ends. */
export type RunReport = Omit<RunRecord, 'createdAt' | 'startedAt' | 'updatedAt'>;

/** How long after its first attempt a run may be run again. */
const LONGEST = 30 * 24 * 3_600_000;

/** Keeps what is known of a run by now; an earlier attempt of it stays. */
export function keepRun(world: World, repository: Repository, report: RunReport): RunRecord {
  const known = repository.runs.get(report.id);
  const now = world.now();
  if (known !== undefined && known.attempt !== report.attempt) {
    repository.earlierRuns.push(known);
  }
  const isSame = known?.attempt === report.attempt;
  const run: RunRecord = {
    ...report,
    createdAt: known?.createdAt ?? now,
    startedAt: isSame ? known.startedAt : now,
    updatedAt: now,
  };
  repository.runs.set(run.id, run);
  return run;
}

/** The id of a workflow, by the path of its file. */
export function workflowId(world: World, repository: Repository, path: string): number {
  const id = repository.workflowIds.get(path) ?? world.nextId();
  repository.workflowIds.set(path, id);
  repository.workflowsSince.set(path, workflowSince(world, repository, path));
  return id;
}

/** When a workflow was known first: here, when something asked for it. */
export function workflowSince(world: World, repository: Repository, path: string): Date {
  return repository.workflowsSince.get(path) ?? world.now();
}

/** @throws Refusal 404 */
export function runById(repository: Repository, id: number): RunRecord {
  const run = repository.runs.get(id);
  if (run === undefined) {
    throw notFound();
  }
  return run;
}

/** An attempt of a run. @throws Refusal 404 */
export function attemptOf(repository: Repository, id: number, attempt: number): RunRecord {
  const all = [...repository.earlierRuns, runById(repository, id)];
  const found = all.find((run) => run.id === id && run.attempt === attempt);
  if (found === undefined) {
    throw notFound();
  }
  return found;
}

/**
 * Cancels a run. By force, jobs and steps with `always()` do not go on either.
 *
 * @throws Refusal 409 when it is over, 501 without a runner
 * @see https://docs.github.com/rest/actions/workflow-runs#force-cancel-a-workflow-run
 */
export function cancelRun(world: World, repository: Repository, run: RunRecord, isForced: boolean): void {
  if (run.status === 'completed') {
    throw new Refusal(409, 'Cannot cancel a workflow run that is completed.');
  }
  if (world.cancelRun === undefined) {
    throw new Refusal(501, 'The local GitHub has no runner that could cancel it');
  }
  world.cancelRun(repository.fullName, run.id, isForced);
}

/**
 * Runs a run once more: the same commit and the same event.
 *
 * @throws Refusal 403 while it runs, when it is too old or has nothing that failed, 501 without a runner
 * @see https://docs.github.com/actions/how-tos/manage-workflow-runs/re-run-workflows-and-jobs
 */
export function runAgain(world: World, repository: Repository, run: RunRecord, account: Account, what: Again): void {
  if (run.status !== 'completed') {
    throw new Refusal(403, 'This workflow is already running');
  }
  if (world.now().getTime() - run.createdAt.getTime() > LONGEST) {
    throw new Refusal(403, 'Unable to retry this workflow run because it was created over a month ago');
  }
  if (what === 'failed' && (run.conclusion === 'success' || run.conclusion === 'skipped')) {
    throw new Refusal(403, 'The workflow run containing this job has no failed jobs to retry');
  }
  if (world.rerun === undefined) {
    throw new Refusal(501, 'The local GitHub has no runner that could run it again');
  }
  world.rerun(repository.fullName, run.id, account.login, what);
}
