import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RegistryStore } from './store.js';

/** One request and what is needed to answer it. */
export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  method: string;
  query: URLSearchParams;
  store: RegistryStore;
}

/** Answers with headers and no body, or a small one. */
export function answer(
  { response, method }: Exchange,
  status: number,
  headers: Record<string, string | number>,
  body: string | Buffer = '',
): void {
  const content = Buffer.from(body);
  response.writeHead(status, { 'Content-Length': content.length, ...headers });
  response.end(method === 'HEAD' ? undefined : content);
}

/** Answers with JSON. */
export function answerJson(exchange: Exchange, value: unknown, headers: Record<string, string> = {}): void {
  answer(exchange, 200, { 'Content-Type': 'application/json', ...headers }, JSON.stringify(value));
}

/** The whole body of a request. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(Buffer.from(chunk));
  }
  return Buffer.concat(chunks);
}
