import { appendFileSync } from 'node:fs';

/** One request the local GitHub has answered. */
export interface RequestRecord {
  method: string;
  /** With its query. */
  path: string;
  /** GraphQL operation name, or its first field where it has none. */
  operation?: string;
  /** What a GraphQL document cost. */
  points?: number;
  /** HTTP status of the answer; 0 when the connection was dropped or nothing was answered. */
  status: number;
  /** Parsed JSON of a REST or GraphQL request. */
  requestBody?: unknown;
  /** Full name of the repository in the path, if there is one. */
  repository?: string;
  /** Bytes of both bodies. */
  bytes: number;
  tokenActor?: string;
}

/** One REST request with its answer, for checks against GitHub's description. */
export interface Exchange {
  method: string;
  /** Below the API's root, without the query. */
  path: string;
  status: number;
  requestBody: unknown;
  /** JSON text; empty for an answer without a body. */
  responseText: string;
}

/** Records all requests in memory, and in a file if one is given: one JSON line each, without the body. */
export class RequestLog {
  readonly requests: RequestRecord[] = [];
  /** Called for every REST request that was answered. */
  readonly watchers = new Set<(exchange: Exchange) => void>();

  constructor(readonly file: string | undefined) {}

  add(record: RequestRecord): void {
    this.requests.push(record);
    if (this.file !== undefined) {
      const { requestBody: _body, ...line } = record;
      // Synchronous, so that the line is in the file before the client gets the answer.
      appendFileSync(this.file, `${JSON.stringify(line)}\n`);
    }
  }
}
