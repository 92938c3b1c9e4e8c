import * as core from '@actions/core';

/**
 * Runs the body of an action. An error fails the step with its message; its stack is logged in debug mode.
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
