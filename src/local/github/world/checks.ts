import { announce } from '../events/simple.js';
import { checkRunView, statusView } from '../views/check.js';
import type { Caller } from './accounts.js';
import type { AppRecord } from './apps.js';
import type { CheckRunRecord, StatusRecord } from './records.js';
import { Refusal } from './refusal.js';
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

export type CheckRunInput = Omit<CheckRunRecord, 'id' | 'appId' | 'suite'>;

/**
 * Creates a check run, which an auto-merge may wait for.
 *
 * @param of what its suite is of; all that the App says of the commit by default
 * @throws Refusal 403 for a person: only Apps make check runs
 */
export async function createCheckRun(
  world: World,
  repository: Repository,
  caller: Caller,
  input: CheckRunInput,
  of?: string,
) {
  const app = demandApp(world, caller);
  const suite = suiteOf(world, repository, of ?? `${app.id} ${input.sha}`);
  const run: CheckRunRecord = { id: world.nextId(), ...input, appId: app.id, suite };
  repository.checkRuns.push(run);
  await announceCheckRun(world, repository, caller, run, 'created');
  return run;
}

/** The id of a check suite. */
export function suiteOf(world: World, repository: Repository, of: string): number {
  const suite = repository.checkSuites.get(of) ?? world.nextId();
  repository.checkSuites.set(of, suite);
  return suite;
}

function demandApp(world: World, { account }: Caller): AppRecord {
  const app = world.apps.ofAccount(account);
  if (app === undefined) {
    throw new Refusal(403, 'You must authenticate via a GitHub App.');
  }
  return app;
}

/** Changes a check run. @throws Refusal 403 for everyone but the App that made it */
export async function updateCheckRun(
  world: World,
  repository: Repository,
  caller: Caller,
  run: CheckRunRecord,
  { annotations, ...input }: Partial<CheckRunInput>,
): Promise<void> {
  if (demandApp(world, caller).id !== run.appId) {
    throw new Refusal(
      403,
      `Invalid app_id \`${run.appId}\` - check run can only be modified by the GitHub App that created it.`,
    );
  }
  Object.assign(run, input);
  run.annotations.push(...(annotations ?? []));
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
