import { pageUrlOf } from '../views/repository.js';
import { addDeploymentStatus, createDeployment } from './deployments.js';
import { environmentNamed, refusedDeployment } from './environments.js';
import type { Repository } from './repository.js';
import { plainValues } from './secrets.js';
import type { World } from './world.js';

/** A job that names an environment. */
export interface EnvironmentEntry {
  environment: string;
  /** Full ref of the run. */
  ref: string;
  sha: string;
  runId: number;
}

export interface EnteredEnvironment {
  /** Why the job may not run; it gets nothing then. */
  refused?: string;
  secrets: Record<string, string>;
  vars: Record<string, string>;
  /** Says how the job ended. */
  leave(conclusion: string): Promise<void>;
}

/** Ends of a job, as a deployment says them. */
const states: Record<string, string> = {
  success: 'success',
  failure: 'failure',
  cancelled: 'error',
  skipped: 'inactive',
};

/** Lets a job into an environment, as a deployment of the run's commit by GitHub Actions. */
export async function enterEnvironment(
  world: World,
  repository: Repository,
  { environment: name, ref, sha, runId }: EnvironmentEntry,
): Promise<EnteredEnvironment> {
  const environment = environmentNamed(world, repository, name);
  const refused = refusedDeployment(repository, environment, ref);
  if (refused !== undefined) {
    return { refused, secrets: {}, vars: {}, leave: async () => {} };
  }
  const caller = world.accounts.caller({ startsWorkflows: false }, 'github-actions[bot]');
  const deployment = await createDeployment(world, repository, caller, {
    ref: ref.replace(/^refs\/(heads|tags)\//, ''),
    sha,
    task: 'deploy',
    environment: name,
    description: null,
    payload: {},
    transient: false,
    production: name === 'production',
  });
  const logUrl = `${pageUrlOf(world, repository)}/actions/runs/${runId}`;
  const say = (state: string) =>
    addDeploymentStatus(
      world,
      repository,
      caller,
      deployment,
      { state, description: '', environmentUrl: '', logUrl },
      true,
    );
  await say('in_progress');
  return {
    secrets: plainValues(environment.secrets),
    vars: plainValues(environment.variables),
    leave: (conclusion) => world.exclusive(async () => void (await say(states[conclusion] ?? 'error'))),
  };
}
