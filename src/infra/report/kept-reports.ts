import { type CheckRun, checkRunsOf } from '../../github/check-runs.js';
import type { Connected } from '../../github/connected.js';

/**
 * What check runs of a commit keep of roots, by the names of these: of each the first that GitHub tells.
 *
 * @param prefix what their names begin with, before the root's
 * @param read what a summary keeps; `undefined` where it keeps nothing
 * @param app slug of the App whose check runs count; `undefined` where all do
 */
export async function keptReports<R extends { root: string }>(
  to: Connected,
  commit: string,
  { prefix, read, app }: { prefix: string; read: (summary: string) => R | undefined; app: string | undefined },
): Promise<Map<string, { run: CheckRun; report: R }>> {
  const found = new Map<string, { run: CheckRun; report: R }>();
  for await (const run of checkRunsOf(to, commit)) {
    const isTheirs = app === undefined || run.app?.slug === app;
    const report = isTheirs && run.name.startsWith(prefix) ? read(run.output.summary ?? '') : undefined;
    if (report !== undefined && run.name === `${prefix}${report.root}` && !found.has(report.root)) {
      found.set(report.root, { run, report });
    }
  }
  return found;
}
