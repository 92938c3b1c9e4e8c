import { appendFileSync } from 'node:fs';

/** One request the local GitHub has answered. */
export interface RequestRecord {
  method: string;
  /** With its query, as it was asked for. */
  path: string;
  /** GraphQL operation name, or its first field where it has none. */
  operation?: string;
  /** Of the answer; 0 when the connection was dropped. */
  status: number;
  /** Parsed JSON of a REST or GraphQL request. */
  requestBody?: unknown;
  /** Full name, where the request is about one repository. */
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

/** Keeps all requests in memory, and writes one JSON line each where a file is given. */
export class RequestLog {
  readonly requests: RequestRecord[] = [];
  /** Called for every REST request that was answered. */
  readonly watchers = new Set<(exchange: Exchange) => void>();

  constructor(readonly file: string | undefined) {}

  add(record: RequestRecord): void {
    this.requests.push(record);
    if (this.file !== undefined) {
      const { requestBody: _body, ...line } = record;
      // At once, so that whoever has the answer finds the request in the log.
      appendFileSync(this.file, `${JSON.stringify(line)}\n`);
    }
  }
}
