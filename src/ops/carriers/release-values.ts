import { posix } from 'node:path';
import { itemsAt, textOf } from '../kustomize/list-fields.js';
import { type MapValue, mapAt, textAt } from '../yaml/values.js';

/**
 * The files of values that a HelmRelease gives its chart from the git repository which the chart is in, the weakest first: those
 * that it names, or else the chart's own `values.yaml`. What is in `valuesFrom` and `values` comes over all of them.
 *
 * @returns paths from the root of that repository; none for a chart of another source, whose files are in the chart itself
 * @see https://fluxcd.io/flux/components/source/helmcharts/#values-files
 */
export function releaseValuesFiles(release: MapValue): string[] {
  const spec = mapAt(release, 'spec');
  const chart = spec && mapAt(spec, 'chart');
  const template = chart && mapAt(chart, 'spec');
  const source = template && mapAt(template, 'sourceRef');
  // A patch of a release does not say again where the chart is from.
  if (template === undefined || (source !== undefined && textAt(source, 'kind') !== 'GitRepository')) {
    return [];
  }
  const named = [textAt(template, 'valuesFile') ?? '', ...itemsAt(template, 'valuesFiles').flatMap(textOf)];
  const files = named.filter((name) => name !== '');
  const path = source === undefined ? undefined : textAt(template, 'chart');
  const own = path === undefined || path === '' || files.length > 0 ? [] : [`${path}/values.yaml`];
  return [...files, ...own].map((name) => posix.join('/', name).slice(1));
}
