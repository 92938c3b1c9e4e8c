import { posix } from 'node:path';
import { listAt, readValues, textAt } from '../yaml/values.js';
import type { OverlayFile } from './overlay-file.js';

/** A wrapper chart whose dependencies change, so that what was made from them is out of date. */
export interface StaleChart {
  /** `Chart.yaml` as it is to be. */
  chart: OverlayFile;
  /** Its lock file as it is; `undefined` where it has none. */
  lock: OverlayFile | undefined;
}

/** The lock file of a chart's file; `undefined` for a file that lists no dependencies. */
export function lockPathOf(path: string): string | undefined {
  const name = posix.basename(path);
  return name === 'Chart.yaml' || name === 'requirements.yaml' ? path.replace(/yaml$/, 'lock') : undefined;
}

/**
 * The wrapper charts among changed files that have a lock, or whose dependencies lie beside them.
 *
 * @param files as they are
 * @param changed as they are to be
 */
export function staleCharts(files: readonly OverlayFile[], changed: readonly OverlayFile[]): StaleChart[] {
  return changed.flatMap((chart) => {
    const lock = files.find(({ path }) => path === lockPathOf(chart.path));
    const isVendored = files.find(({ path }) => path === chart.path)?.vendored === true;
    return lock === undefined && !isVendored
      ? []
      : [{ chart: isVendored ? { ...chart, vendored: true } : chart, lock }];
  });
}

/** Whether two charts have the same dependencies, so that the lock of one is that of the other: it has a digest of them. */
export function sameDependencies(one: OverlayFile, other: OverlayFile): boolean {
  return print(one) === print(other);
}

function print({ path, text }: OverlayFile): string {
  const root = readValues(text, path)[0];
  const list = root?.kind === 'map' ? listAt(root, 'dependencies') : undefined;
  return JSON.stringify(list?.items, (key, value: unknown) =>
    key === 'line' ? undefined : value instanceof Map ? Object.fromEntries([...value].sort()) : value,
  );
}

/**
 * The refusal of a chart whose lock, or whose dependencies beside it, only helm can renew: what to run instead.
 *
 * @param reason why that was not done, a sentence
 */
export function staleChartError({ chart, lock }: StaleChart, reason: string): Error {
  const folder = posix.dirname(chart.path);
  const what = chart.vendored === true ? `The charts in ${folder}/charts` : `${lock?.path ?? ''}`;
  const pairs = dependencyVersions(chart).join(', ');
  return new Error(
    `${what} ${chart.vendored === true ? 'are' : 'is'} made from ${chart.path}, and only helm can renew ${chart.vendored === true ? 'them' : 'it'}: ${reason} ` +
      `Set the version in ${chart.path} (${pairs}), run \`helm dependency update ${folder}\`, and commit all of ${folder}.`,
  );
}

function dependencyVersions({ path, text }: OverlayFile): string[] {
  const root = readValues(text, path)[0];
  const list = root?.kind === 'map' ? listAt(root, 'dependencies') : undefined;
  return (list?.items ?? []).flatMap((item) =>
    item.kind === 'map' ? [`${textAt(item, 'name') ?? ''} ${textAt(item, 'version') ?? ''}`] : [],
  );
}
