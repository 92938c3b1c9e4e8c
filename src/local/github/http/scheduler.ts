import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Door, Visitor } from './door.js';

/** Does something in its turn: the promise of its result, once it was let in and is over. */
export type Visit = <T>(what: string, work: () => Promise<T>) => Promise<T>;

export interface SchedulerOptions {
  /** The same seed makes the same choices. */
  seed: number;
  /** A run that sends nothing for so many milliseconds is taken to be asleep: the others go on without it. */
  idleMs?: number;
  /** A run that sends more requests than this does not end by itself. */
  mostRequests?: number;
}

/** One of the runs that race. */
interface Run {
  name: string;
  /** Let in, oldest first. */
  waiting: { what: string; admit: () => void }[];
  /** Whether it is waited for although nothing of it is at the door. */
  awake: boolean;
  requests: number;
}

/**
 * Races runs against each other, one request at a time: requests wait at the door until every run has one there or is
 * over, then one of them, chosen by a seeded generator, is let in and answered. The order is so the same each time,
 * whatever the machine's load.
 */
export class Scheduler implements Door {
  readonly #runs = new Set<Run>();
  readonly #byToken = new Map<string, Run>();
  readonly #random: () => number;
  /** How likely the run of the last request goes on: some races need a long head start, others a quick change. */
  readonly #inertia: number;
  readonly #idleMs: number;
  readonly #mostRequests: number;
  /** What was let in, in order: `name: what`. */
  readonly story: string[] = [];
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
   * Runs everything to its end.
   *
   * @param runs by name, each with the tokens that its requests come with; `visit` is for what is done without a request
   * @returns what each came to, in order
   * @throws Error when a run sends requests without end
   */
  async race(
    runs: readonly { name: string; tokens: readonly string[]; body: (visit: Visit) => Promise<void> }[],
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
        await body((what, work) => (run === undefined ? work() : this.#visit(run, what, work)));
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

  async enter({ method, path, operation, token }: Visitor): Promise<() => void> {
    const run = this.#byToken.get(token ?? '');
    return run === undefined || !this.#runs.has(run) ? () => {} : this.#wait(run, operation ?? `${method} ${path}`);
  }

  async #visit<T>(run: Run, what: string, work: () => Promise<T>): Promise<T> {
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
      run.waiting.push({ what, admit: () => resolve(() => this.#left(run)) });
      this.#next();
    });
  }

  #left(run: Run): void {
    this.#busy = false;
    run.awake = true;
    this.#next();
  }

  /** Lets the next request in, if it is time. */
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
      this.story.push(`${run.name}: ${turn.what}`);
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

/** Numbers from 0 to below 1 that follow from a seed. */
export function generator(seed: number): () => number {
  const random = xoroshiro128plus(seed);
  return () => uniformFloat64(random);
}
