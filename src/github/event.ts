import { readFile } from 'node:fs/promises';

/** What started the run. */
export interface RunEvent {
  /** `pull_request`, `push`… */
  name: string;
  /** The webhook's payload, not checked; `{}` without one. */
  payload: unknown;
}

/**
 * Reads the event of the run, from the variables and the file that GitHub gives every step.
 *
 * @throws Error when the file does not exist or is not JSON
 * @see https://docs.github.com/actions/reference/workflows-and-actions/variables#default-environment-variables
 */
export async function readEvent(env: NodeJS.ProcessEnv = process.env): Promise<RunEvent> {
  const { GITHUB_EVENT_NAME: name = '', GITHUB_EVENT_PATH: path = '' } = env;
  if (path === '') {
    return { name, payload: {} };
  }
  try {
    const payload: unknown = JSON.parse(await readFile(path, 'utf8'));
    return { name, payload };
  } catch (error) {
    throw new Error(
      `Could not read the event at GITHUB_EVENT_PATH (${path}): ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
