/**
 * The stage's own endpoint for rehearsals: `POST /_stage/rehearse` runs the workflows that an event starts. The answer is
 * JSON lines: the runner's events, then one `result`.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import * as v from 'valibot';
import { messageOf } from './runner/errors.js';
import { isObject, type JsonObject, toJson } from './runner/json.js';
import type { StageRunner } from './runner/stage-runner.js';
import type { Stage } from './stage.js';

export const rehearsePath = '/_stage/rehearse';

const Request = v.strictObject({
  event: v.string(),
  repository: v.string(),
  ref: v.optional(v.string()),
  workflow: v.optional(v.string()),
  payload: v.optional(v.record(v.string(), v.unknown())),
  inputs: v.optional(v.record(v.string(), v.unknown())),
});

export type RehearsalRequest = v.InferOutput<typeof Request>;

/** The last line of the answer. */
export interface RehearsalResult {
  type: 'result';
  /** Conclusion of each run that the event started. */
  conclusions: string[];
  /** Why no run could start. */
  error?: string;
}

/** Serves the endpoint. A request needs the stage's token as a bearer token. */
export function serveRehearsals(stage: Stage, runner: StageRunner): void {
  stage.github.serve(rehearsePath, (request, response) => {
    if (request.method !== 'POST' || request.headers.authorization !== `Bearer ${stage.token}`) {
      response.writeHead(request.method === 'POST' ? 401 : 405).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'application/jsonl' });
    answer(stage, runner, request, response).then(
      (conclusions) => finish(response, { type: 'result', conclusions }),
      (error: unknown) => finish(response, { type: 'result', conclusions: [], error: messageOf(error) }),
    );
  });
}

function finish(response: ServerResponse, result: RehearsalResult): void {
  response.end(`${JSON.stringify(result)}\n`);
}

async function answer(
  stage: Stage,
  runner: StageRunner,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<string[]> {
  const { event, repository, ref, workflow, payload, inputs } = v.parse(Request, JSON.parse(await text(request)));
  const unfollow = runner.runner.follow({ report: (line) => response.write(`${JSON.stringify(line)}\n`) });
  try {
    const runs = await runner.dispatch({
      event,
      repository,
      payload: await completePayload(stage, event, repository, ref, objectOf(payload)),
      ...(ref === undefined ? {} : { ref }),
      ...(workflow === undefined ? {} : { workflow }),
      ...(inputs === undefined ? {} : { inputs: objectOf(inputs) ?? {} }),
    });
    await runner.idle();
    return runs.map((run) => run.conclusion);
  } finally {
    unfollow();
  }
}

/** The payload of the event: what was given, on top of the repository and the sender; the pull request of the ref. */
async function completePayload(
  stage: Stage,
  event: string,
  repository: string,
  ref: string | undefined,
  given: JsonObject | undefined,
): Promise<JsonObject> {
  const [owner = '', name = ''] = repository.split('/');
  const common: JsonObject = {
    repository: { full_name: repository, name, owner: { login: owner }, html_url: `${stage.serverUrl}/${repository}` },
    sender: { login: 'octocat', type: 'User' },
  };
  if (given !== undefined) {
    return { ...common, ...given };
  }
  const number = /^refs\/pull\/(\d+)\//.exec(ref ?? '')?.[1];
  if (event.startsWith('pull_request')) {
    if (number === undefined) {
      throw new Error(`A rehearsal of "${event}" needs --ref refs/pull/NUMBER/merge, or --payload with the event.`);
    }
    const pull = await get(stage, `/repos/${repository}/pulls/${number}`);
    return { ...common, action: 'synchronize', number: Number(number), pull_request: pull };
  }
  return event === 'push' && ref !== undefined ? { ...common, ref } : common;
}

async function get(stage: Stage, path: string): Promise<JsonObject> {
  const response = await fetch(`${stage.apiUrl}${path}`, { headers: { authorization: `Bearer ${stage.token}` } });
  const body = toJson(await response.json());
  if (!response.ok || !isObject(body)) {
    throw new Error(`The stage answered ${response.status} to GET ${path}.`);
  }
  return body;
}

function objectOf(value: unknown): JsonObject | undefined {
  const json = toJson(value ?? null);
  return isObject(json) ? json : undefined;
}
