import type { YamlPath } from '../../yaml/path.js';
import { listAt, type MapValue, mapAt, textAt } from '../../yaml/values.js';
import { chartOfAddress, isTemplate, normalRepository } from '../chart-reference.js';
import { type ChartPlace, chartKind } from './chart-place.js';
import { digestAlone } from './flux-chart.js';

/**
 * A source of an Argo CD Application, or of the template of an ApplicationSet, that is a chart: `{repoURL, chart,
 * targetRevision}`, or an OCI address as `repoURL`.
 *
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/helm/
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/oci/
 */
export const argocdChart = chartKind('argocd-chart', ({ value, path }) => {
  if (value.kind !== 'map') {
    return [];
  }
  switch (textAt(value, 'kind')) {
    case 'Application':
      return chartSources(value, path);
    case 'ApplicationSet': {
      const template = templateOf(value);
      return template === undefined ? [] : chartSources(template, [...path, 'spec', 'template']);
    }
    default:
      return [];
  }
});

/** The template of an ApplicationSet: like an Application, without a kind. */
export function templateOf(set: MapValue): MapValue | undefined {
  const spec = mapAt(set, 'spec');
  return spec && mapAt(spec, 'template');
}

/**
 * The sources of an Application that are charts.
 *
 * @param path of the Application
 */
export function chartSources(application: MapValue, path: YamlPath): ChartPlace[] {
  const spec = mapAt(application, 'spec');
  const metadata = mapAt(application, 'metadata');
  const named = (metadata && textAt(metadata, 'name')) || undefined;
  const release = named === undefined || isTemplate(named) ? undefined : named;
  const single = spec && mapAt(spec, 'source');
  const sources = (spec && listAt(spec, 'sources'))?.items ?? [];
  return [
    ...(single === undefined ? [] : placeOf(single, [...path, 'spec', 'source'], release)),
    ...sources.flatMap((source, index) =>
      source.kind === 'map' ? placeOf(source, [...path, 'spec', 'sources', index], release) : [],
    ),
  ];
}

function placeOf(source: MapValue, path: YamlPath, release: string | undefined): ChartPlace[] {
  const repoURL = textAt(source, 'repoURL') ?? '';
  const name = textAt(source, 'chart') || undefined;
  const chart =
    name === undefined
      ? /^oci:\/\//i.test(repoURL)
        ? chartOfAddress(repoURL)
        : undefined
      : { name, repository: normalRepository(repoURL, name) };
  return chart === undefined
    ? []
    : [
        {
          ...{ ...chart, release, path, key: 'targetRevision' },
          version: textAt(source, 'targetRevision') || undefined,
          line: source.entries.get('targetRevision')?.line ?? source.line,
          edits: ({ version = '' }) => [{ path: [...path, 'targetRevision'], value: version, after: 'repoURL' }],
          refusal: digestAlone,
        },
      ];
}
