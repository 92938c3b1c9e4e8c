import * as v from 'valibot';
import { announce } from '../events/simple.js';
import { apiUrlOf, pageUrlOf } from '../views/repository.js';
import { notFound, Refusal } from '../world/refusal.js';
import { keepRun } from '../world/runs.js';
import { type ChangeRequest, changes, type Route, readBody } from './router.js';

const dispatchBody = v.object({
  ref: v.string(),
  inputs: v.optional(v.record(v.string(), v.union([v.string(), v.boolean(), v.number()])), {}),
  return_run_details: v.optional(v.boolean(), false),
});
/** Limits: https://docs.github.com/rest/repos/repos#create-a-repository-dispatch-event */
const MOST_PROPERTIES = 10;
const MOST_BYTES = 65_535;
const repositoryDispatchBody = v.object({
  event_type: v.pipe(v.string(), v.minLength(1), v.maxLength(100)),
  client_payload: v.optional(v.record(v.string(), v.unknown()), {}),
});

/** Dispatches. Whether the workflow takes the inputs is the runner's to say. */
export const actionRoutes: Route[] = [
  changes('POST', '/actions/workflows/{workflow_id}/dispatches', ['actions'], async (request) => {
    const { world, repository, caller, body, params } = request;
    const input = readBody(dispatchBody, body);
    const file = `.github/workflows/${(params.workflow_id ?? '').split('/').at(-1)}`;
    const ref = await dispatchRef(input.ref, (name) => repository.refs.get(name));
    if (ref === undefined) {
      throw new Refusal(422, `No ref found for: ${input.ref}`);
    }
    if ((await repository.objects.read(`${ref.oid}:${file}`)) === undefined) {
      throw notFound();
    }
    if (repository.disabledWorkflows.has(file)) {
      throw new Refusal(422, "Cannot trigger a 'workflow_dispatch' on a disabled workflow");
    }
    const run = input.return_run_details ? requestRun(request, file, ref) : undefined;
    await announce(world, repository, caller, {
      ...{ name: 'workflow_dispatch', ref: ref.name, sha: ref.oid, always: true },
      ...(run === undefined ? {} : { run }),
      payload: { inputs: input.inputs, ref: ref.name, workflow: file },
    });
    if (run === undefined) {
      return { status: 204 };
    }
    const [api, page] = [apiUrlOf(world, repository), pageUrlOf(world, repository)];
    const path = `/actions/runs/${run}`;
    return { status: 200, body: { workflow_run_id: run, run_url: `${api}${path}`, html_url: `${page}${path}` } };
  }),
  changes('POST', '/dispatches', ['contents'], async ({ world, repository, caller, body }) => {
    const input = readBody(repositoryDispatchBody, body);
    const count = Object.keys(input.client_payload).length;
    if (count > MOST_PROPERTIES) {
      throw new Refusal(422, `No more than ${MOST_PROPERTIES} properties are allowed; ${count} were supplied.`);
    }
    if (Buffer.byteLength(JSON.stringify(input.client_payload)) > MOST_BYTES) {
      throw new Refusal(422, 'client_payload is too large.');
    }
    await announce(world, repository, caller, {
      name: 'repository_dispatch',
      action: input.event_type,
      always: true,
      payload: { branch: repository.defaultBranch, client_payload: input.client_payload },
    });
    return { status: 204 };
  }),
];

/** Runs whose ids GitHub says at once; those that the runner numbers itself begin below. */
const FIRST_RUN = 1_000_000;

/** A run that is requested and has not begun. @returns its id */
function requestRun({ world, repository, caller }: ChangeRequest, file: string, ref: { name: string; oid: string }) {
  const id = FIRST_RUN + world.nextId();
  const { login } = caller.account;
  const name = file.replace(/^.*\//, '');
  keepRun(world, repository, {
    ...{ id, number: 1, attempt: 1, title: name, workflow: name, file, event: 'workflow_dispatch' },
    ...{ actor: login, triggeringActor: login, status: 'queued', conclusion: null },
    ...{
      headBranch: ref.name.replace(/^refs\/(heads|tags)\//, ''),
      headSha: ref.oid,
      headRepository: repository.fullName,
    },
    ...{ pulls: [], referenced: [], annotations: [], jobs: [] },
  });
  return id;
}

async function dispatchRef(ref: string, get: (name: string) => Promise<string | undefined>) {
  for (const name of ref.startsWith('refs/') ? [ref] : [`refs/heads/${ref}`, `refs/tags/${ref}`]) {
    const oid = await get(name);
    if (oid !== undefined) {
      return { name, oid };
    }
  }
  return undefined;
}
