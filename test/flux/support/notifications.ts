import { createServer } from 'node:http';
import * as v from 'valibot';
import {
  type CommitStatus,
  type FluxEvent,
  fluxEventSchema,
  githubProvider,
} from '../../flux-events/notification-controller.js';

export interface Notifications extends AsyncDisposable {
  /** Where controllers post their events. */
  url: string;
  events: FluxEvent[];
  /** Has statuses go to a repository from here on; what came before waits for it. */
  connect(github: { apiUrl: string; token: string; repository: string }): void;
}

/** Of what a provider's contexts end in. */
export const PROVIDER = '0a1b2c3d-0000-4000-8000-000000000000';

const listed = v.array(v.looseObject({ context: v.string(), state: v.string(), description: v.nullable(v.string()) }));

/** Plays Flux' notification controller with a Provider of the type `github` and an Alert for everything. */
export async function startNotifications(): Promise<Notifications> {
  const events: FluxEvent[] = [];
  const provider = githubProvider(PROVIDER);
  let connected: (github: Parameters<Notifications['connect']>[0]) => void = () => {};
  const github = new Promise<Parameters<Notifications['connect']>[0]>((resolve) => {
    connected = resolve;
  });
  let queue: Promise<unknown> = Promise.resolve();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk);
    }
    response.writeHead(202).end();
    const event = v.parse(fluxEventSchema, JSON.parse(Buffer.concat(chunks).toString()));
    events.push(event);
    const status = provider(event, Date.now());
    if ('sha' in status) {
      queue = queue.then(async () => post(await github, status));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    ...{ events, url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/` },
    connect: (given) => connected(given),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Posts a status, unless the newest of its context says the same. */
async function post(
  { apiUrl, token, repository }: Parameters<Notifications['connect']>[0],
  { sha, ...status }: CommitStatus,
): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const known = await fetch(`${apiUrl}/repos/${repository}/commits/${sha}/statuses?per_page=50`, { headers });
  const newest = v.parse(listed, await known.json()).find(({ context }) => context === status.context);
  if (newest?.state !== status.state || newest.description !== status.description) {
    const url = `${apiUrl}/repos/${repository}/statuses/${sha}`;
    await fetch(url, { method: 'POST', headers, body: JSON.stringify(status) });
  }
}
