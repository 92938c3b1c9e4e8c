import * as v from 'valibot';
import { parse } from 'yaml';
import { isFolder, parseTree } from '../git/tree.js';
import { artifactView, jobView, runView, workflowView } from '../views/run.js';
import type { ArtifactRecord, RunRecord } from '../world/records.js';
import { notFound, Refusal } from '../world/refusal.js';
import type { Repository } from '../world/repository.js';
import { attemptOf, cancelRun, runAgain, runById, workflowId } from '../world/runs.js';
import type { World } from '../world/world.js';
import { changes, paginated, type RepositoryRequest, type Route, reads } from './router.js';

const permission = ['actions'];

/** Runs of workflows, their jobs and their artifacts; the runner tells of them. */
export const runRoutes: Route[] = [
  reads('/actions/workflows', permission, async (request) => {
    const { world, repository } = request;
    const all = await workflowsOf(repository);
    const wrap = (workflows: unknown[]) => ({ total_count: all.length, workflows });
    return paginated(request, all, (workflow) => workflowView(world, repository, workflow), wrap);
  }),
  reads('/actions/workflows/{workflow_id}', permission, async (request) => ({
    status: 200,
    body: workflowView(request.world, request.repository, await workflowOf(request)),
  })),
  changes('PUT', '/actions/workflows/{workflow_id}/disable', permission, async (request) => {
    const { path } = await workflowOf(request);
    request.repository.disabledWorkflows.set(path, 'disabled_manually');
    return { status: 204 };
  }),
  changes('PUT', '/actions/workflows/{workflow_id}/enable', permission, async (request) => {
    const { path } = await workflowOf(request);
    request.repository.disabledWorkflows.delete(path);
    return { status: 204 };
  }),
  reads('/actions/workflows/{workflow_id}/runs', permission, async (request) => {
    const { path } = await workflowOf(request);
    return listRuns(request, ({ file }) => file === path);
  }),
  reads('/actions/runs', permission, async (request) => listRuns(request, () => true)),
  reads('/actions/runs/{run_id}', permission, async (request) => ({
    status: 200,
    body: await runView(request.world, request.repository, runOf(request)),
  })),
  reads('/actions/runs/{run_id}/attempts/{attempt_number}', permission, async (request) => ({
    status: 200,
    body: await runView(request.world, request.repository, attempt(request)),
  })),
  reads('/actions/runs/{run_id}/jobs', permission, async (request) => listJobs(request, runOf(request))),
  reads('/actions/runs/{run_id}/attempts/{attempt_number}/jobs', permission, async (request) =>
    listJobs(request, attempt(request)),
  ),
  changes('POST', '/actions/runs/{run_id}/rerun', permission, async (request) => {
    runAgain(request.world, request.repository, runOf(request), request.caller.account, 'all');
    return { status: 201, body: {} };
  }),
  changes('POST', '/actions/runs/{run_id}/rerun-failed-jobs', permission, async (request) => {
    runAgain(request.world, request.repository, runOf(request), request.caller.account, 'failed');
    return { status: 201, body: {} };
  }),
  changes('POST', '/actions/runs/{run_id}/cancel', permission, async (request) => {
    cancelRun(request.world, request.repository, runOf(request), false);
    return { status: 202, body: {} };
  }),
  changes('POST', '/actions/runs/{run_id}/force-cancel', permission, async (request) => {
    cancelRun(request.world, request.repository, runOf(request), true);
    return { status: 202, body: {} };
  }),
  reads('/actions/runs/{run_id}/artifacts', permission, async (request) => {
    const { id } = runOf(request);
    return listArtifacts(request, ({ runId }) => runId === id);
  }),
  reads('/actions/artifacts', permission, async (request) => listArtifacts(request, () => true)),
  reads('/actions/artifacts/{artifact_id}', permission, async (request) => ({
    status: 200,
    body: artifactView(request.world, request.repository, artifactOf(request)),
  })),
  reads('/actions/artifacts/{artifact_id}/{archive_format}', permission, async (request) => {
    const { world, repository, params } = request;
    const { id, key } = artifactOf(request);
    if (params.archive_format !== 'zip') {
      throw notFound();
    }
    return {
      status: 302,
      headers: { location: `${world.serverUrl}/${repository.fullName}/artifacts/${id}/${key}.zip` },
    };
  }),
  changes('DELETE', '/actions/artifacts/{artifact_id}', permission, async (request) => {
    request.repository.artifacts.delete(artifactOf(request).id);
    return { status: 204 };
  }),
];

function runOf({ repository, params }: RepositoryRequest): RunRecord {
  return runById(repository, Number(params.run_id));
}

function attempt({ repository, params }: RepositoryRequest): RunRecord {
  return attemptOf(repository, Number(params.run_id), Number(params.attempt_number));
}

function artifactOf({ repository, params }: RepositoryRequest): ArtifactRecord {
  const found = repository.artifacts.get(Number(params.artifact_id));
  if (found === undefined) {
    throw notFound();
  }
  return found;
}

/** Filters: https://docs.github.com/rest/actions/workflow-runs#list-workflow-runs-for-a-repository */
function listRuns(request: RepositoryRequest, also: (run: RunRecord) => boolean) {
  const { world, repository, query } = request;
  const status = query.get('status');
  const is = (key: string, value: string | null) => !query.has(key) || query.get(key) === value;
  const suite = (run: RunRecord) => String(repository.checkSuites.get(`run ${run.id}`) ?? '');
  const within = createdFilter(query.get('created'));
  const found = [...repository.runs.values()]
    .filter((run) => is('event', run.event) && is('head_sha', run.headSha) && is('branch', run.headBranch))
    .filter((run) => is('actor', run.actor) && is('check_suite_id', suite(run)) && within(run.createdAt))
    .filter((run) => status === null || run.status === status || run.conclusion === status)
    .filter(also)
    .sort((a, b) => b.id - a.id);
  const wrap = (runs: unknown[]) => ({ total_count: found.length, workflow_runs: runs });
  return paginated(request, found, (run) => runView(world, repository, run), wrap);
}

/** `>=DATE`, `<=DATE`, `>DATE`, `<DATE` or `DATE..DATE`. @throws Refusal 501 for other forms */
function createdFilter(text: string | null): (date: Date) => boolean {
  if (text === null) {
    return () => true;
  }
  const range = /^(\S+)\.\.(\S+)$/.exec(text);
  const side = /^([<>]=?)(\S+)$/.exec(text);
  const time = (value: string | undefined, fallback: number) =>
    value === undefined || value === '*' ? fallback : new Date(value).getTime();
  const [from, to] =
    range !== null
      ? [time(range[1], 0), time(range[2], Number.POSITIVE_INFINITY)]
      : side?.[1]?.startsWith('>') === true
        ? [time(side[2], 0) + (side[1] === '>' ? 1 : 0), Number.POSITIVE_INFINITY]
        : [0, time(side?.[2], Number.NaN) - (side?.[1] === '<' ? 1 : 0)];
  if (Number.isNaN(from) || Number.isNaN(to)) {
    throw new Refusal(501, `"created=${text}" is not supported by the local GitHub`);
  }
  return (date) => date.getTime() >= from && date.getTime() <= to;
}

function listJobs(request: RepositoryRequest, run: RunRecord) {
  const { world, repository } = request;
  const suite = repository.checkSuites.get(`run ${run.id}`);
  const checks = repository.checkRuns.filter(
    (check) => check.suite === suite && check.externalId?.startsWith(`${run.id}-${run.attempt}-`) === true,
  );
  const wrap = (jobs: unknown[]) => ({ total_count: checks.length, jobs });
  return paginated(request, checks, (check) => jobView(world, repository, run, check), wrap);
}

function listArtifacts(request: RepositoryRequest, also: (artifact: ArtifactRecord) => boolean) {
  const { world, repository, query } = request;
  const name = query.get('name');
  const found = [...repository.artifacts.values()]
    .filter((artifact) => name === null || artifact.name === name)
    .filter(also)
    .reverse();
  const wrap = (artifacts: unknown[]) => ({ total_count: found.length, artifacts });
  return paginated(request, found, (artifact) => artifactView(world, repository, artifact), wrap);
}

interface Workflow {
  path: string;
  name: string;
}

const named = v.object({ name: v.string() });

/** The workflows of the default branch. */
async function workflowsOf({ objects, defaultBranch }: Repository): Promise<Workflow[]> {
  const folder = '.github/workflows';
  const tree = await objects.read(`${defaultBranch}:${folder}`);
  const files = tree?.type === 'tree' ? parseTree(tree.content).filter((entry) => !isFolder(entry)) : [];
  const workflows = files.filter(({ name }) => /\.ya?ml$/.test(name));
  return Promise.all(
    workflows.map(async ({ name, oid }) => {
      const path = `${folder}/${name}`;
      const file = v.safeParse(named, readYaml((await objects.read(oid))?.content.toString('utf8') ?? ''));
      return { path, name: file.success ? file.output.name : path };
    }),
  );
}

function readYaml(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

/** A workflow by its id or by its file's name; one that is gone from the default branch but has run is found too. */
async function workflowOf({ world, repository, params }: RepositoryRequest): Promise<Workflow> {
  const wanted = params.workflow_id ?? '';
  const ran = [...repository.runs.values()].map(({ file, workflow }) => ({ path: file, name: workflow }));
  const found = [...(await workflowsOf(repository)), ...ran].find(({ path }) => fits(world, repository, path, wanted));
  if (found === undefined) {
    throw notFound();
  }
  return found;
}

function fits(world: World, repository: Repository, path: string, wanted: string): boolean {
  return path.split('/').at(-1) === wanted || String(workflowId(world, repository, path)) === wanted;
}
