import type { RunContext } from '../../../../github/context.js';
import { durationInput } from '../../../../runtime/inputs.js';
import type { PreviewRun } from './preview-run.js';

/** Reads the inputs on asking that both actions on previews have. @throws Error naming the one that is malformed */
export function readAskInputs(): { timeoutMs: number; pollMs: number } {
  return { timeoutMs: durationInput('ops-timeout', '5m'), pollMs: durationInput('poll-interval', '5s') };
}

/**
 * How a run asks where ops alone writes previews: with its own id, which anybody can look up.
 *
 * @param pullRequest `undefined` for the environment of the run itself, for all of the repository, and where a command tells it
 */
export function askFor(
  { repository, runId }: RunContext,
  pullRequest: number | undefined,
  times: ReturnType<typeof readAskInputs>,
): NonNullable<PreviewRun['ask']> {
  const request = { repository, run: Number(runId) };
  return { ...times, request: pullRequest === undefined ? request : { ...request, pull_request: pullRequest } };
}
