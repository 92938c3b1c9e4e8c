import type { YamlPath } from '../../yaml/path.js';
import { listAt, type MapValue, mapAt, textAt } from '../../yaml/values.js';
import { chartSources, templateOf } from './argocd-chart.js';
import { chartKind } from './chart-place.js';
import { type Filling, filledPlaces } from './filled-charts.js';

/** `{{version}}`, `{{ .chart.version }}`. */
const FIELD = /\{\{-?\s{0,9}\.?([\w-]+(?:\.[\w-]+)*)\s{0,9}(?:\|\s{0,9}quote\s{0,9})?-?\}\}/;

/** Generators within generators, which Argo CD allows once. */
const MAX_DEPTH = 3;

/**
 * The elements of an ApplicationSet's list generators, from which its template takes the version of a chart; also inside
 * of matrix and merge generators.
 *
 * @see https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Generators-List/
 */
export const applicationSet = chartKind('application-set', ({ value, path }) => {
  const template = value.kind === 'map' && textAt(value, 'kind') === 'ApplicationSet' ? templateOf(value) : undefined;
  const spec = value.kind === 'map' ? mapAt(value, 'spec') : undefined;
  if (template === undefined || spec === undefined) {
    return [];
  }
  // Only the elements are edited, wherever the template is.
  return filledPlaces(chartSources(template, []), elementsOf(spec, [...path, 'spec'], MAX_DEPTH), FIELD);
});

function elementsOf(holder: MapValue, path: YamlPath, depth: number): Filling[] {
  const generators = depth === 0 ? [] : (listAt(holder, 'generators')?.items ?? []);
  return generators.flatMap((generator, index): Filling[] => {
    if (generator.kind !== 'map') {
      return [];
    }
    const at = [...path, 'generators', index];
    const list = mapAt(generator, 'list');
    const own = ((list && listAt(list, 'elements'))?.items ?? []).flatMap((values, item): Filling[] =>
      values.kind === 'map' ? [{ values, path: [...at, 'list', 'elements', item] }] : [],
    );
    const inner = ['matrix', 'merge'].flatMap((name) => {
      const nested = mapAt(generator, name);
      return nested === undefined ? [] : elementsOf(nested, [...at, name], depth - 1);
    });
    return [...own, ...inner];
  });
}
