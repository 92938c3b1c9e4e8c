import { latestStatuses } from '../world/latest-checks.js';
import { type CheckVerdict, checkVerdicts } from '../world/mergeability.js';
import type { CheckAnnotation, CheckRunRecord, StatusRecord } from '../world/records.js';
import type { Repository } from '../world/repository.js';
import type { World } from '../world/world.js';
import { apiUrlOf, pageUrlOf, repositoryView } from './repository.js';
import { timestamp } from './timestamp.js';
import { appView, userView } from './user.js';

/** A commit status as REST shows it (`status`). */
export function statusView(world: World, repository: Repository, status: StatusRecord) {
  const creator = userView(world, status.creator);
  return {
    url: `${apiUrlOf(world, repository)}/statuses/${status.sha}`,
    avatar_url: creator.avatar_url,
    id: status.id,
    node_id: `SC_${status.id}`,
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: timestamp(status.createdAt),
    updated_at: timestamp(status.createdAt),
    creator,
  };
}

/** All statuses of a commit in one (`combined-commit-status`). Check runs do not count, as on GitHub. */
export function combinedStatusView(world: World, repository: Repository, sha: string) {
  const statuses = latestStatuses(repository, sha);
  const url = apiUrlOf(world, repository);
  return {
    state: combine(statuses.map(({ state }) => (state === 'error' ? 'failure' : state))),
    statuses: statuses.map((status) => {
      const { creator: _creator, ...simple } = statusView(world, repository, status);
      return simple;
    }),
    sha,
    total_count: statuses.length,
    repository: repositoryView(world, repository),
    commit_url: `${url}/commits/${sha}`,
    url: `${url}/commits/${sha}/status`,
  };
}

/** One verdict for several: failure if any failed, else pending if any is pending or there are none, else success. */
export function combine(verdicts: CheckVerdict[]): CheckVerdict {
  if (verdicts.includes('failure')) {
    return 'failure';
  }
  return verdicts.length === 0 || verdicts.includes('pending') ? 'pending' : 'success';
}

/** Statuses and check runs together; `undefined` when there is neither. */
export function rollupOf(repository: Repository, sha: string): CheckVerdict | undefined {
  const verdicts = [...checkVerdicts(repository, sha).values()];
  return verdicts.length === 0 ? undefined : combine(verdicts);
}

/** A check run as REST shows it (`check-run`). */
export function checkRunView(world: World, repository: Repository, run: CheckRunRecord) {
  const url = `${apiUrlOf(world, repository)}/check-runs/${run.id}`;
  const app = world.apps.find(run.appId);
  return {
    id: run.id,
    name: run.name,
    node_id: `CR_${run.id}`,
    head_sha: run.sha,
    external_id: run.externalId,
    url,
    html_url: `${pageUrlOf(world, repository)}/runs/${run.id}`,
    details_url: run.detailsUrl,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.startedAt === undefined ? null : timestamp(run.startedAt),
    completed_at: run.completedAt === undefined ? null : timestamp(run.completedAt),
    output: { ...run.output, annotations_count: run.annotations.length, annotations_url: `${url}/annotations` },
    check_suite: { id: run.suite },
    app: app === undefined ? null : appView(world, app),
    pull_requests: [],
  };
}

/** A check run's annotation as REST shows it (`check-annotation`). */
export function annotationView(world: World, repository: Repository, run: CheckRunRecord, note: CheckAnnotation) {
  return {
    path: note.path,
    blob_href: `${pageUrlOf(world, repository)}/blob/${run.sha}/${note.path}`,
    start_line: note.startLine,
    end_line: note.endLine,
    start_column: note.startColumn,
    end_column: note.endColumn,
    annotation_level: note.level,
    title: note.title,
    message: note.message,
    raw_details: note.rawDetails,
  };
}
