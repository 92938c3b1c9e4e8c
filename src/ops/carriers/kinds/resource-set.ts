import type { YamlPath } from '../../yaml/path.js';
import { listAt, mapAt, readValues, textAt, type YamlValue } from '../../yaml/values.js';
import { type ChartPlace, chartKind } from './chart-place.js';
import { type Filling, filledPlaces } from './filled-charts.js';
import { fluxPlaces } from './flux-chart.js';
import { ociPlaces } from './oci-chart.js';

/** `<< inputs.version >>`, `<< inputs.chart.version | quote >>`. */
const FIELD = /<<-?\s{0,9}inputs\.([\w-]+(?:\.[\w-]+)*)\s{0,9}(?:\|\s{0,9}quote\s{0,9})?-?>>/;

/**
 * The `inputs` of a ResourceSet of the Flux Operator, from which its resources take the version of a chart.
 *
 * @see https://fluxoperator.dev/docs/crd/resourceset/
 */
export const resourceSet = chartKind('resource-set', ({ value, path }) => {
  const spec = value.kind === 'map' && textAt(value, 'kind') === 'ResourceSet' ? mapAt(value, 'spec') : undefined;
  if (spec === undefined) {
    return [];
  }
  const at = [...path, 'spec', 'inputs'];
  const fillings = (listAt(spec, 'inputs')?.items ?? []).flatMap((values, index): Filling[] =>
    values.kind === 'map' ? [{ values, path: [...at, index] }] : [],
  );
  const resources = [
    ...(listAt(spec, 'resources')?.items ?? []),
    ...templateOf(textAt(spec, 'resourcesTemplate') ?? ''),
  ];
  return filledPlaces(resources.flatMap(chartsIn), fillings, FIELD);
});

/** Where a chart is in the template does not matter: only the inputs are edited. */
const NOWHERE: YamlPath = [];

function chartsIn(resource: YamlValue): ChartPlace[] {
  return [...fluxPlaces(resource, NOWHERE), ...ociPlaces(resource, NOWHERE)];
}

/** The objects of a template that is a text; none where it is no YAML before it is filled in. */
function templateOf(text: string): YamlValue[] {
  try {
    return readValues(text, '');
  } catch {
    return [];
  }
}
