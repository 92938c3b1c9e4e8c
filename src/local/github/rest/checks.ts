import * as v from 'valibot';
import { annotationView, checkRunView, combinedStatusView, statusView } from '../views/check.js';
import { type CheckRunInput, createCheckRun, setStatus, updateCheckRun } from '../world/checks.js';
import { latestRuns } from '../world/latest-checks.js';
import type { CheckAnnotation, CheckRunRecord } from '../world/records.js';
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
const annotation = v.object({
  path: v.string(),
  start_line: v.number(),
  end_line: v.number(),
  start_column: v.optional(v.number()),
  end_column: v.optional(v.number()),
  annotation_level: v.picklist(['notice', 'warning', 'failure']),
  message: v.string(),
  title: v.optional(v.string()),
  raw_details: v.optional(v.string()),
});
const runFields = {
  actions: v.optional(v.pipe(v.array(v.unknown()), v.maxLength(0, 'The local GitHub has no buttons of check runs'))),
  details_url: v.optional(v.string()),
  external_id: v.optional(v.string()),
  status: v.optional(v.picklist(['queued', 'in_progress', 'completed', 'waiting', 'requested', 'pending'])),
  conclusion: v.optional(
    v.picklist(['action_required', 'cancelled', 'failure', 'neutral', 'success', 'skipped', 'stale', 'timed_out']),
  ),
  started_at: instant,
  completed_at: instant,
  output: v.optional(
    v.object({
      title: v.optional(v.string()),
      summary: v.optional(v.string()),
      text: v.optional(v.string()),
      annotations: v.optional(v.pipe(v.array(annotation), v.maxLength(50)), []),
    }),
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
    const all = query.get('filter') === 'all';
    const wanted = (key: string, value: string | number) => (query.get(key) ?? String(value)) === String(value);
    const runs = (all ? repository.checkRuns.filter((run) => run.sha === sha) : latestRuns(repository, sha))
      .filter(({ name, status }) => wanted('check_name', name) && wanted('status', status))
      .filter(({ appId }) => wanted('app_id', appId));
    const wrap = (views: unknown[]) => ({ total_count: runs.length, check_runs: views });
    return paginated(request, runs.reverse(), (run) => checkRunView(world, repository, run), wrap);
  }),
  changes('POST', '/check-runs', ['checks'], async (request) => {
    const { world, repository, caller, body } = request;
    const input = readBody(newRun, body);
    const sha = await commitShaOf(request, input.head_sha);
    const run = await createCheckRun(world, repository, caller, {
      ...newRunDefaults(),
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
  reads('/check-runs/{check_run_id}/annotations', ['checks'], async (request) => {
    const run = runOf(request);
    return paginated(request, run.annotations, (note) => annotationView(request.world, request.repository, run, note));
  }),
  changes('PATCH', '/check-runs/{check_run_id}', ['checks'], async (request) => {
    const { world, repository, caller, body } = request;
    const input = readBody(changedRun, body);
    const run = runOf(request);
    const change = { ...runInput(input, world.now()), ...(input.name === undefined ? {} : { name: input.name }) };
    await updateCheckRun(world, repository, caller, run, change);
    return { status: 200, body: checkRunView(world, repository, run) };
  }),
];

const newRunDefaults = (): Omit<CheckRunInput, 'name' | 'sha'> => ({
  status: 'queued',
  conclusion: null,
  detailsUrl: null,
  externalId: null,
  startedAt: undefined,
  completedAt: undefined,
  output: { title: null, summary: null, text: null },
  annotations: [],
});

/** What a request says of a run. A conclusion completes it: https://docs.github.com/rest/checks/runs */
function runInput(input: v.InferOutput<typeof changedRun>, now: Date): Partial<CheckRunInput> {
  const status = input.conclusion === undefined ? input.status : 'completed';
  if (status === 'completed' && input.conclusion === undefined) {
    throw new Refusal(422, 'Invalid request.\n\nMissing required parameter: conclusion');
  }
  const { output } = input;
  return {
    ...(status === undefined ? {} : { status }),
    ...conclusionOf(input.conclusion, status, now),
    ...(input.details_url === undefined ? {} : { detailsUrl: input.details_url }),
    ...(input.external_id === undefined ? {} : { externalId: input.external_id }),
    ...(input.started_at === undefined ? {} : { startedAt: new Date(input.started_at) }),
    ...(input.completed_at === undefined ? {} : { completedAt: new Date(input.completed_at) }),
    ...(output === undefined
      ? {}
      : {
          output: { title: output.title ?? null, summary: output.summary ?? null, text: output.text ?? null },
          annotations: output.annotations.map(noteOf),
        }),
  };
}

/** A run that is taken up again has no conclusion any more. */
function conclusionOf(conclusion: string | undefined, status: string | undefined, now: Date): Partial<CheckRunInput> {
  if (conclusion !== undefined) {
    return { conclusion, completedAt: now };
  }
  return status === undefined ? {} : { conclusion: null, completedAt: undefined };
}

function noteOf(note: v.InferOutput<typeof annotation>): CheckAnnotation {
  return {
    path: note.path,
    startLine: note.start_line,
    endLine: note.end_line,
    startColumn: note.start_column ?? null,
    endColumn: note.end_column ?? null,
    level: note.annotation_level,
    title: note.title ?? null,
    message: note.message,
    rawDetails: note.raw_details ?? null,
  };
}

function runOf({ repository, params }: RepositoryRequest): CheckRunRecord {
  const run = repository.checkRuns.find(({ id }) => id === Number(params.check_run_id));
  if (run === undefined) {
    throw notFound();
  }
  return run;
}
