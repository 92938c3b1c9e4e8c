import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import * as core from '@actions/core';
import { visible } from '../../report/visible.js';
import { info, outputLogStream } from '../../runtime/log.js';

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
  const token = `ostack-${randomUUID()}`;
  core.startGroup(visible(title));
  core.info(`::stop-commands::${token}`);
  // The runner recognises the token only at the start of a line, where this leaves it.
  await pipeline(createReadStream(file), outputLogStream());
  core.info(`::${token}::`);
  core.endGroup();
}
