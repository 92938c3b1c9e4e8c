import { createServer, type IncomingMessage, type Server } from 'node:http';
import * as v from 'valibot';
import type { Stage } from '../../../src/local/stage.js';

/** What is wrong with the pages of lists: where they end, by how many answers have been given. */
export interface BrokenPages {
  what: string;
  pageInfo(answered: number): { hasNextPage: boolean; endCursor: string | null };
}

/** A server in front of a stage that answers as it does, but for where lists end and go on. */
export interface BrokenDoor extends AsyncDisposable {
  /** `http://127.0.0.1:1234` */
  url: string;
  broken: BrokenPages;
  /** Name of the documents whose answers are broken; empty for all. */
  operation: string;
  /** Requests so far. */
  count: number;
}

/** Every cursor that is made up begins like this. */
const MADE_UP = 'made-up';

/** Lists that do not end, each in its way. */
export const BROKEN: readonly BrokenPages[] = [
  { what: 'begin again and again', pageInfo: () => ({ hasNextPage: true, endCursor: MADE_UP }) },
  { what: 'go on nowhere', pageInfo: () => ({ hasNextPage: true, endCursor: null }) },
  { what: 'never end', pageInfo: (at) => ({ hasNextPage: true, endCursor: `${MADE_UP} ${at}` }) },
];

/**
 * Opens such a server. Pages after made up cursors are the first page once more; each answer of REST names other hosts,
 * files and itself as where its list goes on.
 *
 * @param elsewhere a server that nobody has a reason to ask
 */
export async function openBrokenDoor(stage: Stage, otherHost: string): Promise<BrokenDoor> {
  const whole: BrokenPages = { what: 'end', pageInfo: () => ({ hasNextPage: false, endCursor: null }) };
  const door = { url: '', broken: whole, operation: '' };
  const counted = { count: 0 };
  const server: Server = createServer(async (request, response) => {
    counted.count += 1;
    const { authorization = '', 'content-type': type = 'application/json', 'user-agent': agent = '' } = request.headers;
    const sent = (await textOf(request)).replace(new RegExp(`"${MADE_UP}[^"]*"`, 'g'), 'null');
    const answer = await fetch(`${stage.serverUrl}${request.url}`, {
      method: request.method ?? 'GET',
      headers: { authorization, 'content-type': type, 'user-agent': agent },
      ...(sent === '' ? {} : { body: sent }),
    });
    const pageInfo = door.broken.pageInfo(counted.count);
    const given = await answer.text();
    const text = sent.includes(door.operation)
      ? given.replace(/"pageInfo":\{[^}]*\}/g, `"pageInfo":${JSON.stringify(pageInfo)}`)
      : given;
    const next = [
      `${otherHost}/steal`,
      otherHost.replace('://', '://x:y@'),
      'file:///etc/passwd',
      `${door.url}${request.url}`,
    ];
    response.writeHead(answer.status, {
      'content-type': answer.headers.get('content-type') ?? 'application/json',
      link: next.map((url) => `<${url}>; rel="next"`).join(', '),
    });
    response.end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = v.parse(v.object({ port: v.number() }), server.address());
  door.url = `http://127.0.0.1:${address.port}`;
  return Object.assign(door, {
    get count() {
      return counted.count;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(Buffer.from(chunk));
  }
  return Buffer.concat(chunks).toString();
}
