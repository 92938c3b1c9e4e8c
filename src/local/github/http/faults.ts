/** A request, as a fault matches it. */
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
   * `status` answers with a status, `reset` drops the connection, `latency` waits and then answers, `secondary-limit`
   * answers as GitHub does after too many writes, `timeout` never answers.
   */
  kind: 'status' | 'reset' | 'latency' | 'secondary-limit' | 'timeout';
  /** `before`: the request has no effect. `after`: it takes effect, and only its answer is lost. `before` by default. */
  when?: 'before' | 'after';
  /** How many requests it hits; 1 by default. */
  times?: number;
  /** How many matching requests pass first; 0 by default. */
  skip?: number;
  /** For `status`: 502 by default. */
  status?: number;
  /** For `latency`: milliseconds; 1000 by default. */
  ms?: number;
  /** For `secondary-limit`: seconds in `retry-after`; 1 by default. */
  retryAfter?: number;
}

interface Armed {
  fault: Fault;
  skip: number;
  left: number;
}

/** The faults of a test, in the order in which they were added; the first that matches is used. */
export class Faults {
  #armed: Armed[] = [];

  add(fault: Fault): void {
    this.#armed.push({ fault, skip: fault.skip ?? 0, left: fault.times ?? 1 });
  }

  clear(): void {
    this.#armed = [];
  }

  /** The fault for this request, if any; counts as one of its times. */
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
