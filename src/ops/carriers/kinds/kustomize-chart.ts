import { textAt } from '../../yaml/values.js';
import { normalRepository } from '../chart-reference.js';
import { chartKind } from './chart-place.js';
import { digestAlone } from './flux-chart.js';

/**
 * An entry of `helmCharts` in a kustomization, `{name, repo, version, releaseName}`, or a generator of its own
 * (`HelmChartInflationGenerator`). Without a `repo` the chart is in the repository, and its version is there.
 *
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/builtins/#_helmchartinflationgenerator_
 */
export const kustomizeChart = chartKind('kustomize-chart', ({ value, path, key }) => {
  const isListed = key === 'helmCharts' && typeof path.at(-1) === 'number';
  if (value.kind !== 'map' || (!isListed && textAt(value, 'kind') !== 'HelmChartInflationGenerator')) {
    return [];
  }
  const name = textAt(value, 'name') || undefined;
  const repository = normalRepository(textAt(value, 'repo'), name);
  if (name === undefined || repository === undefined) {
    return [];
  }
  return [
    {
      ...{ name, repository, path, key: 'version' },
      release: textAt(value, 'releaseName') || undefined,
      version: textAt(value, 'version') || undefined,
      line: value.entries.get('version')?.line ?? value.line,
      edits: ({ version = '' }) => [{ path: [...path, 'version'], value: version, after: 'name' }],
      refusal: digestAlone,
    },
  ];
});
