import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { ArrivedRequest, RequestGate } from './request-gate.js';

/**
 * Waits for the run's turn and does something that is not a request to the local GitHub.
 *
 * @param what name of it in the trace
 * @returns what `work` returns
 */
export type TakeTurn = <T>(what: string, work: () => Promise<T>) => Promise<T>;

export interface SchedulerOptions {
  /** The same seed makes the same choices. */
  seed: number;
  /** Milliseconds without a request after which the others no longer wait for a run; 500 by default. */
  idleMs?: number;
  /** More requests than this from one run end the race with an error; 200 by default. */
  mostRequests?: number;
}

/** One of the runs that race. */
interface Run {
  name: string;
  /** Its requests that wait at the gate, oldest first. */
  waiting: { what: string; admit: () => void }[];
  /** Whether the others wait for its next request. */
  awake: boolean;
  requests: number;
}

/**
 * Interleaves the requests of several runs. Requests wait until every run has sent one or has ended; then one of them,
 * chosen by a seeded generator, is answered. So the same seed gives the same order, however busy the machine is.
 */
export class Scheduler implements RequestGate {
  readonly #runs = new Set<Run>();
  readonly #byToken = new Map<string, Run>();
  readonly #random: () => number;
  /** How likely the next request is one of the same run: some races need a long head start, others a quick change. */
  readonly #inertia: number;
  readonly #idleMs: number;
  readonly #mostRequests: number;
  /** What was answered or done, in order: `<name of the run>: <method and path, or operation, or what>`. */
  readonly trace: string[] = [];
  #last: Run | undefined;
  #busy = false;
  #idle: NodeJS.Timeout | undefined;
  #endless: string | undefined;

  constructor({ seed, idleMs = 500, mostRequests = 200 }: SchedulerOptions) {
    this.#random = generator(seed);
    this.#inertia = [0, 0.5, 0.9][Math.floor(this.#random() * 3)] ?? 0;
    this.#idleMs = idleMs;
    this.#mostRequests = mostRequests;
  }

  /**
   * Runs all of them until each has ended.
   *
   * @param runs `tokens` says whose requests are the run's; `takeTurn` is for what the run does without a request
   * @returns how each run ended, in the order of `runs`
   * @throws Error when a run sends more than `mostRequests` requests
   */
  async race(
    runs: readonly { name: string; tokens: readonly string[]; body: (takeTurn: TakeTurn) => Promise<void> }[],
  ): Promise<PromiseSettledResult<void>[]> {
    const entered = runs.map(({ name, tokens }) => {
      const run: Run = { name, waiting: [], awake: true, requests: 0 };
      this.#runs.add(run);
      for (const token of tokens) {
        this.#byToken.set(token, run);
      }
      return run;
    });
    const bodies = runs.map(async ({ body }, index) => {
      const run = entered[index];
      try {
        await body((what, work) => (run === undefined ? work() : this.#takeTurn(run, what, work)));
      } finally {
        if (run !== undefined) {
          this.#runs.delete(run);
          this.#next();
        }
      }
    });
    const results = await Promise.allSettled(bodies);
    clearTimeout(this.#idle);
    if (this.#endless !== undefined) {
      throw new Error(`${this.#endless} sent more than ${this.#mostRequests} requests.`);
    }
    return results;
  }

  async enter({ method, path, operation, token }: ArrivedRequest): Promise<() => void> {
    const run = this.#byToken.get(token ?? '');
    return run === undefined || !this.#runs.has(run) ? () => {} : this.#wait(run, operation ?? `${method} ${path}`);
  }

  async #takeTurn<T>(run: Run, what: string, work: () => Promise<T>): Promise<T> {
    const leave = await this.#wait(run, what);
    try {
      return await work();
    } finally {
      leave();
    }
  }

  #wait(run: Run, what: string): Promise<() => void> {
    run.requests += 1;
    run.awake = true;
    if (run.requests > this.#mostRequests) {
      this.#endless = run.name;
      return Promise.reject(new Error(`${run.name} does not end.`));
    }
    return new Promise((resolve) => {
      run.waiting.push({ what, admit: () => resolve(() => this.#answered(run)) });
      this.#next();
    });
  }

  #answered(run: Run): void {
    this.#busy = false;
    run.awake = true;
    this.#next();
  }

  /** Lets the next request through, unless one is being answered or a run has yet to send its own. */
  #next(): void {
    clearTimeout(this.#idle);
    const runs = [...this.#runs];
    const ready = runs.filter(({ waiting }) => waiting.length > 0);
    if (this.#busy || ready.length === 0) {
      return;
    }
    const thinking = runs.filter(({ waiting, awake }) => waiting.length === 0 && awake);
    if (thinking.length > 0) {
      this.#idle = setTimeout(() => {
        for (const run of thinking) {
          run.awake = run.waiting.length > 0;
        }
        this.#next();
      }, this.#idleMs);
      return;
    }
    const run = this.#choose(ready);
    const turn = run?.waiting.shift();
    if (run !== undefined && turn !== undefined) {
      this.#busy = true;
      this.#last = run;
      this.trace.push(`${run.name}: ${turn.what}`);
      turn.admit();
    }
  }

  #choose(ready: readonly Run[]): Run | undefined {
    const goesOn = this.#random() < this.#inertia;
    const index = Math.floor(this.#random() * ready.length);
    const last = ready.find((run) => run === this.#last);
    return goesOn && last !== undefined ? last : ready[index];
  }
}

/** @returns a function whose results, 0 or more and less than 1, depend on the seed alone */
export function generator(seed: number): () => number {
  const random = xoroshiro128plus(seed);
  return () => uniformFloat64(random);
}
