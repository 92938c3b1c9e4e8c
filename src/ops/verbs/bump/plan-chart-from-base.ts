import type { ChartTarget, Target } from '../../carriers/carrier.js';
import { isChartVersion } from '../../carriers/chart-reference.js';
import { goesBackwards } from '../../carriers/never-backwards.js';
import { noCarrierError } from '../../carriers/no-carrier-error.js';
import { type BaseRelease, baseReleasesOf } from '../../overlays/base-releases.js';
import type { Layout } from '../../overlays/layout.js';
import type { Overlay } from '../../overlays/shared-overlay.js';
import type { AppEnvironment } from '../../tree/app-environment.js';
import type { TreeReader } from '../../tree/tree-reader.js';
import { editYaml } from '../../yaml/edit.js';
import type { Plan } from './plan.js';

/**
 * Plans the version of a chart that only the app's base installs: the environment's own kustomization gets a patch of the
 * HelmRelease, so that no other environment changes.
 *
 * @returns `undefined` where it is not about a chart alone, or the base does not install it
 * @throws Error where the base follows a range, or has several releases of the chart, with the lines to add
 */
export async function planChartFromBase(
  tree: TreeReader,
  layout: Layout,
  { environment, app }: AppEnvironment,
  overlay: Overlay,
  targets: readonly Target[],
): Promise<Plan | undefined> {
  const [chart] = targets;
  if (targets.length !== 1 || chart?.kind !== 'chart' || chart.version === undefined) {
    return undefined;
  }
  const all = await baseReleasesOf(tree, layout, environment, app);
  const found = all.filter((each) => each.chart === chart.name && (chart.release ?? each.release) === each.release);
  const [base] = found;
  if (base === undefined) {
    return undefined;
  }
  if (found.length > 1) {
    const names = found.map(({ release }) => release).join(', ');
    throw new Error(
      `The base of ${app} has several releases of chart ${chart.name}: ${names}. Name one with "release" of the chart.`,
    );
  }
  if (!isChartVersion(base.version)) {
    throw noCarrierError(overlay.files, [{ ...chart, release: base.release }], overlay.folder);
  }
  return planPatch(base, chart, chart.version);
}

function planPatch({ kustomization, release, version }: BaseRelease, target: ChartTarget, wanted: string): Plan {
  const unchanged = {
    previous: version,
    missing: [],
    carriesBase: false,
    change: { files: new Map() },
    before: new Map(),
  };
  if (goesBackwards({ current: { tag: version }, target })) {
    return { ...unchanged, state: 'newer' };
  }
  const { path, text } = kustomization;
  const operation = { op: 'add', path: '/spec/chart/spec/version', value: wanted };
  // Kustomize takes a patch that begins with a bracket for JSON.
  const item = { target: { kind: 'HelmRelease', name: release }, patch: JSON.stringify([operation]) };
  return {
    ...unchanged,
    state: 'change',
    change: { files: new Map([[path, editYaml(text, [{ path: ['patches'], append: item }], path)]]) },
    before: new Map([[path, text]]),
  };
}
