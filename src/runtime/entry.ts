import * as core from '@actions/core';
import { visible } from '../report/visible.js';
import { helpLink } from './help.js';

/**
 * Runs the body of an action. An error fails the step with its message; its stack is logged in debug mode.
 *
 * @param body the whole action
 */
export async function runEntry(body: () => Promise<void>): Promise<void> {
  try {
    await body();
  } catch (error) {
    if (error instanceof Error && error.stack !== undefined) {
      core.debug(error.stack);
    }
    await fail(error instanceof Error ? error.message : String(error));
  }
}

/** Fails the step with a message, which ends with a link to what is known about such messages. */
export async function fail(message: string): Promise<void> {
  core.setFailed(`${visible(message)}\n${await helpLink(message)}`);
}
