import type { Account } from '../world/accounts.js';
import { suiteOf } from '../world/checks.js';
import type { ArtifactRecord, CheckRunRecord, RunRecord } from '../world/records.js';
import type { Repository } from '../world/repository.js';
import { workflowId, workflowSince } from '../world/runs.js';
import type { World } from '../world/world.js';
import { apiUrlOf, pageUrlOf, repositoryView } from './repository.js';
import { timestamp } from './timestamp.js';
import { userView } from './user.js';

/** A run of a workflow as REST and webhooks show it (`workflow-run`). */
export async function runView(world: World, repository: Repository, run: RunRecord) {
  const url = `${apiUrlOf(world, repository)}/actions/runs/${run.id}`;
  const suite = suiteOf(world, repository, `run ${run.id}`);
  const id = workflowId(world, repository, run.file);
  const head = world.repositories.get(run.headRepository.toLowerCase());
  return {
    id: run.id,
    name: run.workflow,
    node_id: `WFR_${run.id}`,
    check_suite_id: suite,
    check_suite_node_id: `CS_${suite}`,
    head_branch: run.headBranch,
    head_sha: run.headSha,
    path: run.file,
    display_title: run.title,
    run_number: run.number,
    run_attempt: run.attempt,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: id,
    url,
    html_url: `${pageUrlOf(world, repository)}/actions/runs/${run.id}`,
    pull_requests: run.pulls.flatMap((number) => pullMinimalView(world, repository, number)),
    created_at: timestamp(run.createdAt),
    updated_at: timestamp(run.updatedAt),
    run_started_at: timestamp(run.startedAt),
    actor: userView(world, world.accounts.get(run.actor)),
    triggering_actor: userView(world, world.accounts.get(run.triggeringActor)),
    referenced_workflows: run.referenced,
    ...links(world, repository, run, id, suite),
    head_commit: await headCommitView(repository, run.headSha),
    repository: repositoryView(world, repository),
    head_repository: head === undefined ? null : repositoryView(world, head),
  };
}

function links(world: World, repository: Repository, run: RunRecord, workflow: number, suite: number) {
  const api = apiUrlOf(world, repository);
  const url = `${api}/actions/runs/${run.id}`;
  return {
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${api}/check-suites/${suite}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: run.attempt > 1 ? `${url}/attempts/${run.attempt - 1}` : null,
    workflow_url: `${api}/actions/workflows/${workflow}`,
  };
}

async function headCommitView(repository: Repository, sha: string) {
  const commit = await repository.history.commit(sha);
  if (commit === undefined) {
    return null;
  }
  const person = ({ name, email }: { name: string; email: string }) => ({ name, email });
  return {
    id: commit.oid,
    tree_id: commit.tree,
    message: commit.message.replace(/\n$/, ''),
    timestamp: timestamp(commit.committer.date),
    author: person(commit.author),
    committer: person(commit.committer),
  };
}

function pullMinimalView(world: World, repository: Repository, number: number) {
  const pull = repository.pulls.get(number);
  if (pull === undefined) {
    return [];
  }
  const repo = { id: repository.id, url: apiUrlOf(world, repository), name: repository.name };
  return [
    {
      id: pull.id,
      number,
      url: `${apiUrlOf(world, repository)}/pulls/${number}`,
      head: { ref: pull.headRef, sha: pull.headOid, repo },
      base: { ref: pull.baseRef, sha: pull.baseOid, repo },
    },
  ];
}

/** A workflow as REST and webhooks show it (`workflow`). */
export function workflowView(world: World, repository: Repository, { path, name }: { path: string; name: string }) {
  const id = workflowId(world, repository, path);
  return {
    id,
    node_id: `W_${id}`,
    name,
    path,
    state: repository.disabledWorkflows.get(path) ?? 'active',
    created_at: timestamp(workflowSince(world, repository, path)),
    updated_at: timestamp(workflowSince(world, repository, path)),
    url: `${apiUrlOf(world, repository)}/actions/workflows/${id}`,
    html_url: `${pageUrlOf(world, repository)}/blob/${repository.defaultBranch}/${path}`,
    badge_url: `${pageUrlOf(world, repository)}/actions/workflows/${path.split('/').at(-1)}/badge.svg`,
  };
}

/** A webhook about a run, without its `action`. */
export async function runPayload(world: World, repository: Repository, run: RunRecord, sender: Account) {
  return {
    workflow: workflowView(world, repository, { path: run.file, name: run.workflow }),
    workflow_run: await runView(world, repository, run),
    repository: repositoryView(world, repository),
    sender: userView(world, sender),
  };
}

/** A job of a run as REST shows it (`job`): its check run tells of it. */
export function jobView(world: World, repository: Repository, run: RunRecord, check: CheckRunRecord) {
  const api = apiUrlOf(world, repository);
  const started = timestamp(check.startedAt ?? run.startedAt);
  return {
    id: check.id,
    run_id: run.id,
    run_url: `${api}/actions/runs/${run.id}`,
    run_attempt: run.attempt,
    node_id: `CR_${check.id}`,
    head_sha: run.headSha,
    url: `${api}/actions/jobs/${check.id}`,
    html_url: `${pageUrlOf(world, repository)}/actions/runs/${run.id}/job/${check.id}`,
    status: check.status,
    conclusion: check.conclusion,
    created_at: started,
    started_at: started,
    completed_at: check.completedAt === undefined ? null : timestamp(check.completedAt),
    name: check.name,
    check_run_url: `${api}/check-runs/${check.id}`,
    labels: ['ubuntu-latest'],
    runner_id: 1,
    runner_name: 'local',
    runner_group_id: 1,
    runner_group_name: 'local',
    workflow_name: run.workflow,
    head_branch: run.headBranch,
  };
}

/** An artifact as REST shows it (`artifact`). */
export function artifactView(world: World, repository: Repository, artifact: ArtifactRecord) {
  const url = `${apiUrlOf(world, repository)}/actions/artifacts/${artifact.id}`;
  const run = repository.runs.get(artifact.runId);
  const head = run === undefined ? undefined : world.repositories.get(run.headRepository.toLowerCase());
  return {
    id: artifact.id,
    node_id: `A_${artifact.id}`,
    name: artifact.name,
    size_in_bytes: artifact.size,
    url,
    archive_download_url: `${url}/zip`,
    expired: false,
    digest: `sha256:${artifact.digest}`,
    created_at: timestamp(artifact.createdAt),
    updated_at: timestamp(artifact.createdAt),
    expires_at: timestamp(new Date(artifact.createdAt.getTime() + 90 * 24 * 3_600_000)),
    workflow_run: {
      id: artifact.runId,
      repository_id: repository.id,
      head_repository_id: (head ?? repository).id,
      head_branch: run?.headBranch ?? '',
      head_sha: run?.headSha ?? '',
    },
  };
}
