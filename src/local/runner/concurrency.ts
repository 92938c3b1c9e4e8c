/**
 * `concurrency`: at most one run or job of a group at a time, in each repository.
 *
 * @see https://docs.github.com/en/actions/how-tos/write-workflows/choose-when-workflows-run/control-workflow-concurrency
 */
import { RunError } from './errors.js';
import { coerceText, evaluate, type Scope } from './expressions.js';
import { isObject } from './json.js';
import type { Node } from './tree.js';

export interface ConcurrencySetting {
  group: string;
  cancelInProgress: boolean;
  /** `max` keeps up to 100 waiting in order; `single` keeps the newest. */
  queue: 'single' | 'max';
}

/** A job or a run that is in a group or waits for it. */
export interface Holder {
  /** The run it belongs to; tells when a run would wait for itself. */
  runId: number;
  /** Cancels it, whether it runs or waits. */
  cancel(reason: string): void;
}

interface Group {
  running: Holder | undefined;
  waiting: { holder: Holder; start(): void }[];
}

/** How many may wait with `queue: max`. */
const longestQueue = 100;

/** Reads a `concurrency:` node. */
export function readConcurrency(node: Node, scope: Scope): ConcurrencySetting {
  const value = evaluate(node, scope);
  if (!isObject(value)) {
    return { group: coerceText(value), cancelInProgress: false, queue: 'single' };
  }
  const cancelInProgress = value['cancel-in-progress'] === true || value['cancel-in-progress'] === 'true';
  const queue = value.queue === 'max' ? 'max' : 'single';
  if (cancelInProgress && queue === 'max') {
    throw new RunError('"queue: max" and "cancel-in-progress: true" cannot be used together.', node.place);
  }
  return { group: coerceText(value.group ?? ''), cancelInProgress, queue };
}

export class Concurrency {
  readonly #groups = new Map<string, Group>();

  /**
   * Waits until the holder may run.
   *
   * @param signal ends the wait
   * @param onWait called when another holder runs
   * @returns a function that lets the next holder run; `undefined` when `signal` ended the wait
   * @throws RunError when the run would wait for itself
   */
  async enter(
    repository: string,
    setting: ConcurrencySetting,
    holder: Holder,
    signal: AbortSignal,
    onWait: () => void,
  ): Promise<(() => void) | undefined> {
    const key = `${repository}\0${setting.group}`.toLowerCase();
    const group = this.#groups.get(key) ?? { running: undefined, waiting: [] };
    this.#groups.set(key, group);
    const leave = () => this.#leave(key, group, holder);
    if (group.running === undefined) {
      group.running = holder;
      return leave;
    }
    if (group.running.runId === holder.runId) {
      throw new RunError(
        `Canceling since a deadlock was detected for concurrency group: '${setting.group}' between a top level workflow and one of its jobs`,
      );
    }
    this.#makeRoom(group, setting);
    onWait();
    return await new Promise((resolve) => {
      const waiting = { holder, start: () => resolve(leave) };
      group.waiting.push(waiting);
      const giveUp = () => {
        group.waiting = group.waiting.filter((other) => other !== waiting);
        resolve(undefined);
      };
      if (signal.aborted) {
        giveUp();
      } else {
        signal.addEventListener('abort', giveUp, { once: true });
      }
    });
  }

  #makeRoom(group: Group, setting: ConcurrencySetting): void {
    const reason = `Canceling since a higher priority waiting request for '${setting.group}' exists`;
    const keep = setting.queue === 'max' ? longestQueue - 1 : 0;
    for (const { holder } of group.waiting.slice(0, Math.max(group.waiting.length - keep, 0))) {
      holder.cancel(reason);
    }
    if (setting.cancelInProgress) {
      group.running?.cancel(reason);
    }
  }

  #leave(key: string, group: Group, holder: Holder): void {
    if (group.running !== holder) {
      return;
    }
    const next = group.waiting.shift();
    group.running = next?.holder;
    if (next === undefined) {
      this.#groups.delete(key);
    } else {
      next.start();
    }
  }
}
