import { listAt, textAt } from '../../yaml/values.js';
import { normalRepository } from '../chart-reference.js';
import { type ChartPlace, chartKind } from './chart-place.js';
import { digestAlone } from './flux-chart.js';

/**
 * A dependency of a wrapper chart: `dependencies` of its `Chart.yaml`, or of the older `requirements.yaml`. The lock file
 * beside it has the same list, with a digest. A dependency that lies in the repository has its version there.
 *
 * @see https://helm.sh/docs/helm/helm_dependency/
 */
export const chartDependency = chartKind('chart-dependency', ({ value, path }) => {
  const list = value.kind === 'map' && path.length === 0 ? listAt(value, 'dependencies') : undefined;
  const isOther = value.kind === 'map' && ['kind', 'generated', 'digest'].some((key) => value.entries.has(key));
  if (list === undefined || isOther) {
    return [];
  }
  return list.items.flatMap((item, index): ChartPlace[] => {
    const name = item.kind === 'map' ? textAt(item, 'name') || undefined : undefined;
    const address = item.kind === 'map' ? (textAt(item, 'repository') ?? '') : '';
    if (item.kind !== 'map' || name === undefined || address === '' || address.startsWith('file:')) {
      return [];
    }
    const at = [...path, 'dependencies', index];
    return [
      {
        ...{ name, path: at, key: 'version' },
        // `@bitnami` and `alias:bitnami` are names that helm knows on a machine.
        repository: normalRepository(address.replace(/^(@|alias:)/, ''), name),
        release: textAt(item, 'alias') || undefined,
        version: textAt(item, 'version') || undefined,
        line: item.entries.get('version')?.line ?? item.line,
        edits: ({ version = '' }) => [{ path: [...at, 'version'], value: version, after: 'name' }],
        refusal: digestAlone,
      },
    ];
  });
});
