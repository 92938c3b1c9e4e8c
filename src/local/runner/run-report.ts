import type { RunReport } from '../github/world/runs.js';
import type { RunInfo, RunResult } from './events.js';
import { at, textAt } from './json.js';
import type { LoadedWorkflow } from './load.js';
import { isFromFork, type TriggerEvent } from './trigger-event.js';

export type ReferencedWorkflow = RunReport['referenced'][number];

/**
 * What GitHub knows of a run.
 *
 * @see https://docs.github.com/en/webhooks/webhook-events-and-payloads#workflow_run
 */
export function reportOf(
  event: TriggerEvent,
  run: RunInfo | RunResult,
  referenced: ReferencedWorkflow[],
  status: RunReport['status'],
): RunReport {
  const { id, number, attempt, title, workflow, file, actor, triggeringActor } = run;
  const ended = 'conclusion' in run ? run : undefined;
  const pull = at(event.payload, 'pull_request');
  const target = event.name === 'pull_request_target';
  return {
    ...{ id, number, attempt, title, workflow, file, actor, triggeringActor, referenced, status },
    event: event.name,
    conclusion: ended?.conclusion ?? null,
    headBranch: event.headRef || run.ref.replace(/^refs\/(heads|tags)\//, ''),
    headSha: target ? event.sha : event.checkSha,
    headRepository: textAt(pull, 'head', 'repo', 'full_name') ?? event.repository,
    pulls: pull === undefined || isFromFork(pull, event.repository) ? [] : [Number(at(pull, 'number') ?? 0)],
    annotations: ended?.annotations ?? [],
    jobs: ended?.jobs ?? [],
  };
}

/** The reusable workflows that a workflow calls, and those that they call. */
export function referencedBy({ calls }: LoadedWorkflow): ReferencedWorkflow[] {
  return [...calls.values()].flatMap((called) => {
    const { repository, ref, sha } = called.origin;
    const path = `${repository}/${called.workflow.file}@${ref.replace(/^refs\/(heads|tags)\//, '')}`;
    const named = ref === sha ? {} : { ref };
    return [{ path, sha, ...named }, ...referencedBy(called)];
  });
}
