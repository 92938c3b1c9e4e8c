import { announce } from '../events/simple.js';
import { checkRunView, statusView } from '../views/check.js';
import type { Caller } from './accounts.js';
import type { CheckRunRecord, StatusRecord } from './records.js';
import type { Repository } from './repository.js';
import type { World } from './world.js';

/** Sets a commit status, which an auto-merge may wait for. */
export async function setStatus(
  world: World,
  repository: Repository,
  caller: Caller,
  input: Pick<StatusRecord, 'sha' | 'state' | 'context' | 'description' | 'targetUrl'>,
): Promise<StatusRecord> {
  const status: StatusRecord = { id: world.nextId(), ...input, creator: caller.account, createdAt: world.now() };
  repository.statuses.push(status);
  await announce(world, repository, caller, {
    name: 'status',
    sha: status.sha,
    payload: { ...statusView(world, repository, status), sha: status.sha },
  });
  await world.afterChange(repository);
  return status;
}

export type CheckRunInput = Omit<CheckRunRecord, 'id' | 'app'>;

/** Creates a check run, which an auto-merge may wait for. */
export async function createCheckRun(world: World, repository: Repository, caller: Caller, input: CheckRunInput) {
  const run: CheckRunRecord = { id: world.nextId(), ...input, app: caller.account };
  repository.checkRuns.push(run);
  await announceCheckRun(world, repository, caller, run, 'created');
  return run;
}

/** Changes a check run. */
export async function updateCheckRun(
  world: World,
  repository: Repository,
  caller: Caller,
  run: CheckRunRecord,
  input: Partial<CheckRunInput>,
): Promise<void> {
  Object.assign(run, input);
  await announceCheckRun(world, repository, caller, run, run.status === 'completed' ? 'completed' : 'created');
}

async function announceCheckRun(
  world: World,
  repository: Repository,
  caller: Caller,
  run: CheckRunRecord,
  action: string,
) {
  await announce(world, repository, caller, {
    name: 'check_run',
    action: run.status === 'completed' ? 'completed' : action,
    sha: run.sha,
    payload: { check_run: checkRunView(world, repository, run) },
  });
  await world.afterChange(repository);
}
