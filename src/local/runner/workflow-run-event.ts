import type { RunResult } from './events.js';
import type { JsonObject } from './json.js';
import type { TriggerEvent } from './trigger-event.js';

/** What `github.event` says in a workflow that another one's end has started. */
export function workflowRunPayload(event: TriggerEvent, run: RunResult): JsonObject {
  return {
    action: 'completed',
    workflow: { name: run.workflow, path: run.file },
    workflow_run: {
      id: run.id,
      name: run.workflow,
      path: run.file,
      display_title: run.title,
      event: run.event,
      status: 'completed',
      conclusion: run.conclusion,
      run_number: run.number,
      run_attempt: 1,
      head_branch: event.headRef || run.ref.replace(/^refs\/(heads|tags)\//, ''),
      head_sha: event.checkSha,
      actor: { login: run.actor },
    },
    repository: event.payload.repository ?? { full_name: run.repository },
    sender: event.payload.sender ?? { login: run.actor },
  };
}
