/** Something that GitHub does a while after what led to it. */
interface LateChange {
  /** Requests to the API that still pass before it. */
  requests: number;
  change: () => Promise<void>;
}

/**
 * What GitHub has yet to do. Time is counted in requests to the API, so that tests wait for no clock; where nobody asks for
 * anything, as in a demo that watches, it passes by itself.
 */
export class LateChanges {
  #waiting: LateChange[] = [];
  #idle: NodeJS.Timeout | undefined;

  /**
   * @param make runs a change when it is its turn
   * @param idleMs milliseconds without a request after which all is done; `undefined` for never
   */
  constructor(
    readonly make: (change: () => Promise<void>) => Promise<void>,
    readonly idleMs: number | undefined,
  ) {}

  add(requests: number, change: () => Promise<void>): void {
    this.#waiting.push({ requests, change });
    this.#waitForRequest();
  }

  /** Counts a request, and makes what is due. */
  async countRequest(): Promise<void> {
    this.#waiting = this.#waiting.map((each) => ({ ...each, requests: each.requests - 1 }));
    const due = this.#waiting.filter(({ requests }) => requests <= 0);
    this.#waiting = this.#waiting.filter(({ requests }) => requests > 0);
    await this.#makeAll(due);
    this.#waitForRequest();
  }

  /** Makes all that is left, and what comes of it. */
  async passTime(): Promise<void> {
    while (this.#waiting.length > 0) {
      const due = this.#waiting.sort((a, b) => a.requests - b.requests);
      this.#waiting = [];
      await this.#makeAll(due);
    }
  }

  /** Forgets what is left. */
  clear(): void {
    this.#waiting = [];
  }

  async #makeAll(due: readonly LateChange[]): Promise<void> {
    for (const { change } of due) {
      await this.make(change);
    }
  }

  #waitForRequest(): void {
    clearTimeout(this.#idle);
    if (this.idleMs !== undefined && this.#waiting.length > 0) {
      this.#idle = setTimeout(() => void this.passTime(), this.idleMs).unref();
    }
  }
}
