import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { info, logOutput } from '../../runtime/log.js';

/**
 * Prints whole logs, one after the other, each as a group. Lines that look like workflow commands have no effect.
 *
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#stopping-and-starting-workflow-commands
 */
export class LogPrinter {
  #last: Promise<void> = Promise.resolve();

  /** Prints a whole file. @returns a promise for the end of it */
  print(title: string, file: string): Promise<void> {
    return this.#next(() => printLog(title, file));
  }

  /** Says something between logs: inside one it would be part of it, and a command would not count. */
  say(speak: () => void): Promise<void> {
    return this.#next(async () => speak());
  }

  #next(work: () => Promise<void>): Promise<void> {
    this.#last = this.#last.then(work);
    return this.#last;
  }
}

async function printLog(title: string, file: string): Promise<void> {
  if ((await stat(file)).size === 0) {
    info(title);
    return;
  }
  await logOutput(title, createReadStream(file));
}
