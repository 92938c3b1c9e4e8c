import { randomUUID } from 'node:crypto';
import * as core from '@actions/core';
import { visible, visibleOutput } from '../../report/visible.js';

/**
 * Prints what a program said as a group of the log, where no line of it is a workflow command.
 *
 * @param text without secrets
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#stopping-and-starting-workflow-commands
 */
export async function printOutput(title: string, text: string): Promise<void> {
  const token = `ostack-${randomUUID()}`;
  core.startGroup(visible(title));
  core.info(`::stop-commands::${token}`);
  // The runner recognises the token only at the start of a line, where this leaves it.
  await new Promise<void>((resolve) =>
    process.stdout.write(`${visibleOutput(text.toWellFormed())}\n`, () => resolve()),
  );
  core.info(`::${token}::`);
  core.endGroup();
}
