import * as v from 'valibot';
import { checkRunView, combinedStatusView, statusView } from '../views/check.js';
import { type CheckRunInput, createCheckRun, setStatus, updateCheckRun } from '../world/checks.js';
import type { CheckRunRecord } from '../world/records.js';
import { notFound, Refusal } from '../world/refusal.js';
import { commitShaOf } from './commits.js';
import { changes, paginated, type RepositoryRequest, type Route, readBody, reads } from './router.js';

const statusBody = v.object({
  state: v.picklist(['error', 'failure', 'pending', 'success']),
  context: v.optional(v.string(), 'default'),
  description: v.nullish(v.string()),
  target_url: v.nullish(v.string()),
});

const instant = v.optional(v.pipe(v.string(), v.isoTimestamp()));
const runFields = {
  details_url: v.optional(v.string()),
  external_id: v.optional(v.string()),
  status: v.optional(v.picklist(['queued', 'in_progress', 'completed', 'waiting', 'requested', 'pending'])),
  conclusion: v.optional(
    v.picklist(['action_required', 'cancelled', 'failure', 'neutral', 'success', 'skipped', 'stale', 'timed_out']),
  ),
  started_at: instant,
  completed_at: instant,
  output: v.optional(
    v.object({ title: v.optional(v.string()), summary: v.optional(v.string()), text: v.optional(v.string()) }),
  ),
};
const newRun = v.object({ ...runFields, name: v.string(), head_sha: v.string() });
const changedRun = v.object({ ...runFields, name: v.optional(v.string()) });

/** Commit statuses and check runs. */
export const checkRoutes: Route[] = [
  changes('POST', '/statuses/{sha}', ['statuses'], async (request) => {
    const { world, repository, caller, body } = request;
    const input = readBody(statusBody, body);
    const sha = await commitShaOf(request, request.params.sha ?? '');
    const status = await setStatus(world, repository, caller, {
      sha,
      state: input.state,
      context: input.context,
      description: input.description ?? null,
      targetUrl: input.target_url ?? null,
    });
    return { status: 201, body: statusView(world, repository, status) };
  }),
  reads('/commits/{ref+}/statuses', ['statuses'], async (request) => {
    const { world, repository, params } = request;
    const sha = await commitShaOf(request, params.ref ?? '');
    const statuses = repository.statuses.filter((status) => status.sha === sha).reverse();
    return paginated(request, statuses, (status) => statusView(world, repository, status));
  }),
  reads('/commits/{ref+}/status', ['statuses'], async (request) => {
    const sha = await commitShaOf(request, request.params.ref ?? '');
    return { status: 200, body: combinedStatusView(request.world, request.repository, sha) };
  }),
  reads('/commits/{ref+}/check-runs', ['checks'], async (request) => {
    const { world, repository, params, query } = request;
    const sha = await commitShaOf(request, params.ref ?? '');
    const name = query.get('check_name');
    const runs = repository.checkRuns.filter((run) => run.sha === sha && (name === null || run.name === name));
    const wrap = (views: unknown[]) => ({ total_count: runs.length, check_runs: views });
    return paginated(request, runs.reverse(), (run) => checkRunView(world, repository, run), wrap);
  }),
  changes('POST', '/check-runs', ['checks'], async (request) => {
    const { world, repository, caller, body } = request;
    const input = readBody(newRun, body);
    const sha = await commitShaOf(request, input.head_sha);
    const run = await createCheckRun(world, repository, caller, {
      ...newRunDefaults,
      ...runInput(input, world.now()),
      name: input.name,
      sha,
    });
    return { status: 201, body: checkRunView(world, repository, run) };
  }),
  reads('/check-runs/{check_run_id}', ['checks'], async (request) => ({
    status: 200,
    body: checkRunView(request.world, request.repository, runOf(request)),
  })),
  changes('PATCH', '/check-runs/{check_run_id}', ['checks'], async (request) => {
    const { world, repository, caller, body } = request;
    const input = readBody(changedRun, body);
    const run = runOf(request);
    const change = { ...runInput(input, world.now()), ...(input.name === undefined ? {} : { name: input.name }) };
    await updateCheckRun(world, repository, caller, run, change);
    return { status: 200, body: checkRunView(world, repository, run) };
  }),
];

const newRunDefaults: Omit<CheckRunInput, 'name' | 'sha'> = {
  status: 'queued',
  conclusion: null,
  detailsUrl: null,
  externalId: null,
  startedAt: undefined,
  completedAt: undefined,
  output: { title: null, summary: null, text: null },
};

/** What a request says of a run. A conclusion completes it: https://docs.github.com/rest/checks/runs */
function runInput(input: v.InferOutput<typeof changedRun>, now: Date): Partial<CheckRunInput> {
  const status = input.conclusion === undefined ? input.status : 'completed';
  if (status === 'completed' && input.conclusion === undefined) {
    throw new Refusal(422, 'Invalid request.\n\nMissing required parameter: conclusion');
  }
  const { output } = input;
  return {
    ...(status === undefined ? {} : { status }),
    ...(input.conclusion === undefined ? {} : { conclusion: input.conclusion, completedAt: now }),
    ...(input.details_url === undefined ? {} : { detailsUrl: input.details_url }),
    ...(input.external_id === undefined ? {} : { externalId: input.external_id }),
    ...(input.started_at === undefined ? {} : { startedAt: new Date(input.started_at) }),
    ...(input.completed_at === undefined ? {} : { completedAt: new Date(input.completed_at) }),
    ...(output === undefined
      ? {}
      : { output: { title: output.title ?? null, summary: output.summary ?? null, text: output.text ?? null } }),
  };
}

function runOf({ repository, params }: RepositoryRequest): CheckRunRecord {
  const run = repository.checkRuns.find(({ id }) => id === Number(params.check_run_id));
  if (run === undefined) {
    throw notFound();
  }
  return run;
}
