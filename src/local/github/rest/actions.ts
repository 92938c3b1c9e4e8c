import * as v from 'valibot';
import { announce } from '../events/simple.js';
import { notFound, Refusal } from '../world/refusal.js';
import { changes, type Route, readBody } from './router.js';

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
    if (input.return_run_details) {
      throw new Refusal(501, 'return_run_details is not supported by the local GitHub');
    }
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
    await announce(world, repository, caller, {
      name: 'workflow_dispatch',
      ref: ref.name,
      sha: ref.oid,
      always: true,
      payload: { inputs: input.inputs, ref: ref.name, workflow: file },
    });
    return { status: 204 };
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

async function dispatchRef(ref: string, get: (name: string) => Promise<string | undefined>) {
  for (const name of ref.startsWith('refs/') ? [ref] : [`refs/heads/${ref}`, `refs/tags/${ref}`]) {
    const oid = await get(name);
    if (oid !== undefined) {
      return { name, oid };
    }
  }
  return undefined;
}
