import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { DeliveryEvent } from '../../src/notify/event.js';

export interface Received {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A receiver on loopback. What `answer` gives is the next answer; `hang up` breaks the connection after reading. */
export async function startReceiver(
  answer: (
    request: Received,
  ) => { status?: number; body?: string; headers?: Record<string, string> } | 'hang up' = () => ({}),
) {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk);
    }
    const { method = '', url: path = '', headers } = request;
    const one = { method, path, headers, body: Buffer.concat(chunks).toString() };
    received.push(one);
    const said = answer(one);
    if (said === 'hang up') {
      request.socket.destroy();
      return;
    }
    response.writeHead(said.status ?? 200, said.headers).end(said.body ?? 'ok');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    received,
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

export function anEvent(more: Partial<DeliveryEvent> = {}): DeliveryEvent {
  return {
    ...{ type: 'released', environment: 'production', app: 'shop', version: '1.4.0', previous: '1.3.2' },
    ...{ commit: 'a'.repeat(40), source: `acme/apps@${'b'.repeat(40)}`, at: '2026-11-30T12:00:00Z', by: 'octocat' },
    url: 'https://github.com/acme/ops/pull/7',
    ...more,
  };
}
