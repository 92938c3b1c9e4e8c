import { isImageOf } from './app-of-image.js';

/** What a chart is called in a file. */
interface Called {
  name?: string | undefined;
  release?: string | undefined;
}

/**
 * Those charts of a file that belong to one app, where several apps share the file: the release of its name, or else the
 * chart of its name and releases named after it.
 */
export function ownCharts<T extends Called>(charts: readonly T[], app: string): T[] {
  const called = ({ name, release }: Called) => release ?? name ?? '';
  const own = charts.filter((chart) => called(chart) === app);
  return own.length > 0 ? own : charts.filter((chart) => chart.name === app || isImageOf(called(chart), app));
}
