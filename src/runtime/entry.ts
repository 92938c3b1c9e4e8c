import * as core from '@actions/core';

/**
 * Runs the body of an action and reports what it throws as the one failure of the step.
 * The message is what a person reads first; the stack is kept for debug logging.
 *
 * @param body the whole action
 */
export async function runEntry(body: () => Promise<void>): Promise<void> {
  try {
    await body();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof Error && error.stack !== undefined) {
      core.debug(error.stack);
    }
    core.setFailed(message);
  }
}
