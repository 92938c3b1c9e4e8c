import type { YamlPath } from '../../yaml/path.js';
import { type MapValue, mapAt, textAt, type YamlValue } from '../../yaml/values.js';
import { normalRepository } from '../chart-reference.js';
import { type ChartPlace, chartKind } from './chart-place.js';

/**
 * The chart of a HelmRelease, `spec.chart.spec.version`, and of a HelmChart, `spec.version`: that of Flux, with a
 * `sourceRef`, and that of k3s, with a `repo`. A chart in a git repository or bucket has its version from there.
 *
 * @see https://fluxcd.io/flux/components/helm/helmreleases/#chart-template
 * @see https://fluxcd.io/flux/components/source/helmcharts/
 * @see https://docs.k3s.io/helm#helmchart-field-definitions
 */
export const fluxChart = chartKind('flux-chart', ({ value, path }) => fluxPlaces(value, path));

/** The charts of an object of Flux or k3s. */
export function fluxPlaces(value: YamlValue, path: YamlPath): ChartPlace[] {
  if (value.kind !== 'map') {
    return [];
  }
  const spec = mapAt(value, 'spec');
  switch (textAt(value, 'kind')) {
    case 'HelmRelease': {
      const chart = spec && mapAt(spec, 'chart');
      return placeOf(value, chart && mapAt(chart, 'spec'), [...path, 'spec', 'chart', 'spec']);
    }
    case 'HelmChart':
      return placeOf(value, spec, [...path, 'spec']);
    default:
      return [];
  }
}

function placeOf(object: MapValue, spec: MapValue | undefined, path: YamlPath): ChartPlace[] {
  const metadata = mapAt(object, 'metadata');
  const release = metadata && (textAt(metadata, 'name') || undefined);
  const chart = spec && (textAt(spec, 'chart') || undefined);
  const version = spec && (textAt(spec, 'version') || undefined);
  const source = spec && mapAt(spec, 'sourceRef');
  const isElsewhere = ['GitRepository', 'Bucket'].includes((source && textAt(source, 'kind')) ?? '');
  if (spec === undefined || isElsewhere || (chart === undefined && version === undefined)) {
    return [];
  }
  const name = chart?.split('/').at(-1);
  const address =
    chart?.includes('://') === true ? chart : (textAt(spec, 'repo') ?? (source && textAt(source, 'name')));
  return [
    {
      ...{ name, release, version, path, key: 'version' },
      repository: normalRepository(address, name),
      line: spec.entries.get('version')?.line ?? spec.line,
      edits: (target) => [
        { path: [...path, 'version'], value: target.version ?? '', ...(chart === undefined ? {} : { after: 'chart' }) },
      ],
      refusal: digestAlone,
    },
  ];
}

/** Only an OCIRepository can say a digest. */
export function digestAlone({ name, version }: { name: string; version?: string | undefined }): string | undefined {
  return version === undefined
    ? `Chart ${name} is to be set to a digest, and only an OCIRepository can hold one. Name its version.`
    : undefined;
}
