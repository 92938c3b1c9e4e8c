import { type StaleChart, sameDependencies, staleChartError, staleCharts } from '../carriers/chart-lock.js';
import type { OverlayFile } from '../carriers/overlay-file.js';
import type { OverlayPart } from '../overlays/app-state.js';
import type { TreeReader } from '../tree/tree-reader.js';
import type { Draft } from './draft.js';

/**
 * Gives wrapper charts that a draft changes the locks of the source, where both then depend on the same: a lock has a digest
 * of the dependencies and of nothing else.
 *
 * @throws Error where the dependencies differ, with what to run
 */
export function copyLocks(draft: Draft, source: OverlayPart, target: OverlayPart): void {
  const files = target.overlay ?? [];
  const changed = files.flatMap(({ path, text }) => {
    const now = draft.read(path);
    return now === undefined || now === text ? [] : [{ path, text: now }];
  });
  const at = (path: string) => `${source.folder}${path.slice(target.folder.length)}`;
  for (const stale of staleCharts(files, changed)) {
    const find = (path: string | undefined) => source.overlay?.find((file) => file.path === path && path !== undefined);
    takeLock(draft, stale, find(at(stale.chart.path)), find(stale.lock && at(stale.lock.path)), source.environment);
  }
}

/**
 * Gives wrapper charts the locks that they had at another commit, where they then depend on the same.
 *
 * @throws Error where the dependencies differ, with what to run
 */
export async function locksBack(draft: Draft, stale: readonly StaleChart[], then: TreeReader): Promise<void> {
  for (const each of stale) {
    const read = async (path: string | undefined): Promise<OverlayFile | undefined> => {
      const text = path === undefined ? undefined : await then.read(path);
      return path === undefined || text === undefined ? undefined : { path, text };
    };
    const [chart, lock] = await Promise.all([read(each.chart.path), read(each.lock?.path)]);
    takeLock(draft, each, chart, lock, 'the commit that it goes back to');
  }
}

function takeLock(
  draft: Draft,
  stale: StaleChart,
  chart: OverlayFile | undefined,
  lock: OverlayFile | undefined,
  where: string,
): void {
  if (stale.lock === undefined || lock === undefined || chart === undefined || stale.chart.vendored === true) {
    throw staleChartError(stale, `${where} has no lock that it could take.`);
  }
  if (!sameDependencies(stale.chart, chart)) {
    throw staleChartError(stale, `the chart of ${where} depends on something else, too.`);
  }
  draft.write(stale.lock.path, lock.text);
}
