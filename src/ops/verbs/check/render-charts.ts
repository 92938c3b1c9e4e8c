import { posix } from 'node:path';
import type { Layout } from '../../overlays/layout.js';
import { readOverlay } from '../../overlays/overlay.js';
import type { ChangeGroup } from '../../render/change-groups.js';
import { type ChartInstall, chartInstalls } from '../../render/chart-installs.js';
import { compareResources } from '../../render/compare-resources.js';
import { type Helm, NO_HELM } from '../../render/run-helm.js';
import { type Templated, templateChart } from '../../render/template-chart.js';
import type { AppEnvironment } from '../../tree/app-environment.js';
import type { Comparison, Side } from './comparison.js';

/** What a change alters in what charts come to. */
export interface RenderedCharts {
  groups: ChangeGroup[];
  /** What was not rendered and why, sentences. */
  notRendered: string[];
  /** Files of overlays whose charts were rendered. */
  files: Set<string>;
}

/**
 * Renders the charts that apps install, on both sides of a change: where a chart, its version or its values differ.
 *
 * @param find the helm of this machine
 * @param apps what the change can affect
 */
export async function renderCharts(
  find: () => Promise<Helm | undefined>,
  comparison: Comparison,
  layout: Layout,
  apps: readonly (AppEnvironment & { charts?: readonly string[] })[],
): Promise<RenderedCharts> {
  const result: RenderedCharts = { groups: [], notRendered: [], files: new Set() };
  let helm: Promise<Helm | undefined> | undefined;
  for (const { environment, app, charts = [] } of apps) {
    const each = { environment, app };
    let hasOwn = false;
    const [before, after] = await Promise.all([
      installsOn(comparison.base, layout, each),
      installsOn(comparison.head, layout, each),
    ]);
    for (const key of new Set([...after.installs.keys(), ...before.installs.keys()])) {
      const pair = [before.installs.get(key), after.installs.get(key)] as const;
      if (isChanged(pair, comparison.changed)) {
        hasOwn = true;
        helm ??= find();
        const changes = await changesOf(await helm, comparison, pair);
        if ('reason' in changes) {
          result.notRendered.push(
            `${each.environment}: ${label(pair)} of ${each.app} is not rendered: ${changes.reason}`,
          );
        } else {
          result.groups.push(...(changes.changes.length === 0 ? [] : [{ ...each, changes: changes.changes }]));
          for (const file of [...before.files, ...after.files]) {
            result.files.add(file);
          }
        }
      }
    }
    if (!hasOwn && charts.length > 0) {
      const reason = `the files of ${environment} do not say all of the chart, so what it comes to is not shown.`;
      result.notRendered.push(`${environment}: ${charts.join(', ')} of ${app} is not rendered: ${reason}`);
    }
  }
  return result;
}

async function installsOn({ tree, paths }: Side, layout: Layout, { environment, app }: AppEnvironment) {
  const known = new Set(paths);
  try {
    const read = (await readOverlay(tree, layout, environment, app))?.files ?? [];
    // An object that deploys a chart of this repository is not another install of it.
    const files = read.filter(({ deploys }) => deploys === undefined);
    const installs = chartInstalls(files, app, (folder) => known.has(posix.join(folder, 'Chart.yaml')));
    return {
      files: files.map(({ path }) => path),
      installs: new Map(installs.map((install) => [keyOf(install), install])),
    };
  } catch {
    // A broken file is told by the check of files.
    return { files: [], installs: new Map<string, ChartInstall>() };
  }
}

/** A release keeps its name when the version of its chart changes. */
function keyOf({ release, namespace, chart }: ChartInstall): string {
  return JSON.stringify([release, namespace, 'folder' in chart ? chart.folder : chart.name]);
}

type Pair = readonly [before: ChartInstall | undefined, after: ChartInstall | undefined];

function isChanged([before, after]: Pair, changed: ReadonlySet<string>): boolean {
  const folders = [before, after].flatMap((install) =>
    install !== undefined && 'folder' in install.chart ? [install.chart.folder] : [],
  );
  return (
    JSON.stringify(before) !== JSON.stringify(after) ||
    folders.some((folder) =>
      [...changed].some((path) => path.startsWith(`${folder}/`) && !/\/values-[^/]*$/.test(path)),
    )
  );
}

async function changesOf(helm: Helm | undefined, { base, head }: Comparison, [before, after]: Pair) {
  if (helm === undefined) {
    return { reason: NO_HELM };
  }
  const one = async ({ root }: Side, install: ChartInstall | undefined): Promise<Templated> =>
    install === undefined ? { resources: [] } : templateChart(helm, root, install);
  const [old, fresh] = [await one(base, before), await one(head, after)];
  if ('reason' in fresh) {
    return fresh;
  }
  return 'reason' in old
    ? { reason: `as it was before, ${old.reason}` }
    : { changes: compareResources(old.resources, fresh.resources) };
}

function label([before, after]: Pair): string {
  const chart = (after ?? before)?.chart;
  if (chart === undefined) {
    return '';
  }
  return 'folder' in chart ? `the chart ${chart.folder}` : `chart ${chart.name} ${chart.version}`.trim();
}
