import { info, logWarning } from '../../../../runtime/log.js';
import type { PreviewRun } from '../run/preview-run.js';
import { runPreviews } from '../run/run-previews.js';
import { logLine } from '../run/summary.js';
import { serveRequest } from './serve-request.js';
import type { Serving } from './serving.js';
import { sweep } from './sweep.js';

/**
 * Makes good what was asked for in vain, each in a run of its own: one that is refused stops no other.
 *
 * @returns the run that looks through all previews then, for its caller to make
 * @throws Error for people when the ops repository cannot be read or written
 */
export async function serveAll(serving: Serving): Promise<PreviewRun> {
  const first = sweep(serving);
  await runPreviews(first.run);
  for (const request of await first.lost()) {
    const run = serveRequest({ ...serving, isLate: true }, request);
    try {
      const { previews } = await runPreviews(run);
      const own = previews.find(({ decision }) => decision.name === run.own?.name);
      info(`Asked for in vain before: ${own === undefined ? `#${request.pull_request ?? ''}` : logLine(own)}`);
    } catch (error) {
      logWarning(error instanceof Error ? error.message : String(error));
    }
  }
  return sweep(serving).run;
}
