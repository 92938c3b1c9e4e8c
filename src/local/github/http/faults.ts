/** What a fault looks at before the request is answered. */
export interface FaultRequest {
  method: string;
  path: string;
  /** GraphQL operation name. */
  operation?: string;
  body: string;
}

/** A request that goes wrong on purpose. */
export interface Fault {
  /** A pattern is matched against `METHOD /path operation`. */
  match: RegExp | ((request: FaultRequest) => boolean);
  /**
   * `status` answers with a status, `reset` drops the connection, `latency` waits, `secondary-limit` answers as
   * GitHub does to who writes too fast, `timeout` never answers.
   */
  kind: 'status' | 'reset' | 'latency' | 'secondary-limit' | 'timeout';
  /** `before`: the request has no effect. `after`: it takes place and only its answer is lost. Default `before`. */
  when?: 'before' | 'after';
  /** How many requests it hits; 1 by default. */
  times?: number;
  /** How many matching requests pass first; 0 by default. */
  skip?: number;
  /** For `status`: 502 by default. */
  status?: number;
  /** For `latency`: milliseconds. */
  ms?: number;
  /** For `secondary-limit`: seconds in `retry-after`; 1 by default. */
  retryAfter?: number;
}

interface Armed {
  fault: Fault;
  skip: number;
  left: number;
}

/** The faults a test has asked for, in the order they were added. */
export class Faults {
  #armed: Armed[] = [];

  add(fault: Fault): void {
    this.#armed.push({ fault, skip: fault.skip ?? 0, left: fault.times ?? 1 });
  }

  clear(): void {
    this.#armed = [];
  }

  /** The fault that hits this request, if any; it is used up by that. */
  take(request: FaultRequest): Fault | undefined {
    for (const armed of this.#armed) {
      if (armed.left === 0 || !matches(armed.fault, request)) {
        continue;
      }
      if (armed.skip > 0) {
        armed.skip -= 1;
        continue;
      }
      armed.left -= 1;
      return armed.fault;
    }
    return undefined;
  }
}

function matches({ match }: Fault, request: FaultRequest): boolean {
  if (typeof match === 'function') {
    return match(request);
  }
  match.lastIndex = 0;
  return match.test(`${request.method} ${request.path} ${request.operation ?? ''}`.trim());
}
