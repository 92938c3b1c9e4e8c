import { createServer, type IncomingMessage } from 'node:http';
import { connect, type GitHub } from '../../src/github/client.js';

/** A GitHub that answers GraphQL alone, each document by one function. */
export interface GraphqlServer extends AsyncDisposable {
  github: GitHub;
}

/** An answer: the body, with 200, or a status without one. */
export type GraphqlAnswer = { data: unknown; errors?: unknown[] } | { status: number };

/** Starts it. What is asked is given as it was sent. */
export async function graphqlServer(answer: (body: string) => GraphqlAnswer): Promise<GraphqlServer> {
  const server = createServer(async (request, response) => {
    const answered = answer(await bodyOf(request));
    response.writeHead('status' in answered ? answered.status : 200, { 'content-type': 'application/json' });
    response.end('status' in answered ? '{}' : JSON.stringify(answered));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  return {
    github: connect({ token: 'x', apiUrl: url, graphqlUrl: url, retry: { attempts: 1 } }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
  }
  return text;
}
