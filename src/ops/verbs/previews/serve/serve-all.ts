import { info, logWarning } from '../../../../runtime/log.js';
import type { PreviewRun, PreviewRunResult } from '../run/preview-run.js';
import { runPreviews } from '../run/run-previews.js';
import { logLine } from '../run/summary.js';
import { serveRequest } from './serve-request.js';
import type { Serving } from './serving.js';
import { sweep } from './sweep.js';

/**
 * Looks through all previews, and makes good what was asked for in vain, each in a run of its own: one that is refused stops no other.
 * Where there was such, all are looked through again, since a place may be free now.
 *
 * @returns the last run that looked through all, and what it came to, with what the first one removed
 * @throws Error for people when the ops repository cannot be read or written
 */
export async function serveAll(serving: Serving): Promise<{ run: PreviewRun; result: PreviewRunResult }> {
  const first = sweep(serving);
  const found = await runPreviews(first.run);
  const lost = await first.lost();
  if (lost.length === 0) {
    return { run: first.run, result: found };
  }
  for (const request of lost) {
    const run = serveRequest({ ...serving, isLate: true }, request);
    try {
      const { previews } = await runPreviews(run);
      const own = previews.find(({ decision }) => decision.name === run.own?.name);
      info(`Asked for in vain before: ${own === undefined ? `#${request.pull_request ?? ''}` : logLine(own)}`);
    } catch (error) {
      logWarning(error instanceof Error ? error.message : String(error));
    }
  }
  const { run } = sweep(serving);
  const result = await runPreviews(run);
  const there = new Set(result.previews.map(({ decision }) => decision.name));
  const gone = found.previews.filter(({ decision: { name, state } }) => state === 'gone' && !there.has(name));
  return { run, result: { ...result, previews: [...gone, ...result.previews] } };
}
