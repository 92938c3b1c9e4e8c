import type { RunResult } from './events.js';
import { at, type Json, type JsonObject, textAt } from './json.js';
import { isFromFork, type TriggerEvent } from './trigger-event.js';

/**
 * The payload of `workflow_run` (`completed`).
 *
 * @see https://docs.github.com/en/webhooks/webhook-events-and-payloads#workflow_run
 */
export function workflowRunPayload(event: TriggerEvent, run: RunResult): JsonObject {
  const repository = event.payload.repository ?? { full_name: run.repository };
  const pull = at(event.payload, 'pull_request');
  const apiUrl = textAt(repository, 'url') ?? '';
  const pageUrl = textAt(repository, 'html_url') ?? '';
  const target = event.name === 'pull_request_target';
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
      url: `${apiUrl}/actions/runs/${run.id}`,
      html_url: `${pageUrl}/actions/runs/${run.id}`,
      artifacts_url: `${apiUrl}/actions/runs/${run.id}/artifacts`,
      head_branch: event.headRef || run.ref.replace(/^refs\/(heads|tags)\//, ''),
      head_sha: target ? event.sha : event.checkSha,
      head_commit: { id: target ? event.sha : event.checkSha },
      head_repository: at(pull, 'head', 'repo') ?? repository,
      repository,
      pull_requests: pullRequests(event, pull),
      actor: { login: run.actor },
      triggering_actor: { login: run.actor },
    },
    repository,
    sender: event.payload.sender ?? { login: run.actor },
  };
}

/** The pull requests that a run belongs to; GitHub leaves out those from forks. */
function pullRequests(event: TriggerEvent, pull: Json | undefined): JsonObject[] {
  if (pull === undefined || isFromFork(pull, event.repository)) {
    return [];
  }
  const side = (name: 'head' | 'base') => ({
    ref: textAt(pull, name, 'ref') ?? '',
    sha: textAt(pull, name, 'sha') ?? '',
    repo: {
      id: at(pull, name, 'repo', 'id') ?? null,
      url: at(pull, name, 'repo', 'url') ?? null,
      name: at(pull, name, 'repo', 'name') ?? null,
    },
  });
  return [
    {
      id: at(pull, 'id') ?? null,
      number: at(pull, 'number') ?? null,
      url: at(pull, 'url') ?? null,
      head: side('head'),
      base: side('base'),
    },
  ];
}
