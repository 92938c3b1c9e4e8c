/**
 * The `github`, `runner` and `job` contexts, and the variables made of them.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/contexts
 */
import type { RunInfo } from './events.js';
import type { JsonObject } from './json.js';
import type { LoadedWorkflow, Origin } from './load.js';
import type { Host } from './services.js';
import type { TriggerEvent } from './trigger-event.js';

/** The `github` context of a run, before any job is known. */
export function githubContext(host: Host, run: RunInfo, event: TriggerEvent): JsonObject {
  const refType = event.ref.startsWith('refs/tags/') ? 'tag' : 'branch';
  return {
    action: '',
    actor: event.actor,
    actor_id: '1',
    api_url: host.apiUrl,
    base_ref: event.baseRef,
    event: event.payload,
    event_name: event.name,
    graphql_url: host.graphqlUrl,
    head_ref: event.headRef,
    job: '',
    ref: event.ref,
    ref_name: event.ref.replace(/^refs\/(heads|tags|pull)\//, ''),
    ref_protected: false,
    ref_type: refType,
    repository: event.repository,
    repository_id: '1',
    repository_owner: event.repository.split('/')[0] ?? '',
    repository_owner_id: '1',
    repositoryUrl: `${host.serverUrl.replace(/^https?:/, 'git:')}/${event.repository}.git`,
    retention_days: '90',
    run_attempt: String(run.attempt),
    run_id: String(run.id),
    run_number: String(run.number),
    server_url: host.serverUrl,
    sha: event.sha,
    token: '',
    triggering_actor: run.triggeringActor,
    workflow: run.workflow,
    workflow_ref: `${event.repository}/${run.file}@${event.ref}`,
    workflow_sha: event.sha,
    workspace: '',
  };
}

/** The `workflow_*` values of the `job` context: the file that defines the job, which may be in another repository. */
export function workflowOf({ workflow, origin }: LoadedWorkflow): JsonObject {
  return {
    workflow_ref: workflowRef(origin, workflow.file),
    workflow_sha: origin.sha,
    workflow_repository: origin.repository,
    workflow_file_path: workflow.file,
  };
}

function workflowRef(origin: Origin, file: string): string {
  return `${origin.repository}/${file}@${origin.ref}`;
}

/** Names of the `github` context that steps get as `GITHUB_*` variables; `token` and `event` are not among them. */
const variables = [
  'action',
  'action_path',
  'action_ref',
  'action_repository',
  'actor',
  'actor_id',
  'api_url',
  'base_ref',
  'event_name',
  'event_path',
  'graphql_url',
  'head_ref',
  'job',
  'ref',
  'ref_name',
  'ref_protected',
  'ref_type',
  'repository',
  'repository_id',
  'repository_owner',
  'repository_owner_id',
  'retention_days',
  'run_attempt',
  'run_id',
  'run_number',
  'server_url',
  'sha',
  'triggering_actor',
  'workflow',
  'workflow_ref',
  'workflow_sha',
  'workspace',
];

/** `GITHUB_*` and `RUNNER_*` of a step. */
export function environmentOf(github: JsonObject, runner: JsonObject): Record<string, string> {
  const environment: Record<string, string> = { CI: 'true', GITHUB_ACTIONS: 'true' };
  for (const name of variables) {
    const value = github[name];
    if (value !== undefined && value !== null) {
      environment[`GITHUB_${name.toUpperCase()}`] = String(value);
    }
  }
  for (const [name, value] of Object.entries(runner)) {
    environment[`RUNNER_${name.toUpperCase()}`] = String(value);
  }
  return environment;
}
