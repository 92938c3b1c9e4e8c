import { listAt, type MapValue, textAt } from '../../yaml/values.js';
import { chartOfAddress, normalRepository } from '../chart-reference.js';
import { type ChartPlace, chartKind } from './chart-place.js';
import { digestAlone } from './flux-chart.js';

/**
 * A release of a helmfile: `{name, chart: <repository>/<chart>, version}`. The address of a repository is in
 * `repositories` of the same document, or only its name is known. A chart in a folder has its version there.
 *
 * @see https://helmfile.readthedocs.io/en/latest/#configuration
 */
export const helmfileRelease = chartKind('helmfile-release', ({ value, path }) => {
  const releases = value.kind === 'map' && path.length === 0 ? listAt(value, 'releases') : undefined;
  if (value.kind !== 'map' || releases === undefined || value.entries.has('kind')) {
    return [];
  }
  return releases.items.flatMap((item, index): ChartPlace[] => {
    const chart = item.kind === 'map' ? chartOf(value, textAt(item, 'chart') ?? '') : undefined;
    if (item.kind !== 'map' || chart === undefined) {
      return [];
    }
    const at = [...path, 'releases', index];
    return [
      {
        ...{ ...chart, path: at, key: 'version' },
        release: textAt(item, 'name') || undefined,
        version: textAt(item, 'version') || undefined,
        line: item.entries.get('version')?.line ?? item.line,
        edits: ({ version = '' }) => [{ path: [...at, 'version'], value: version, after: 'chart' }],
        refusal: digestAlone,
      },
    ];
  });
});

function chartOf(file: MapValue, text: string): { name: string; repository: string | undefined } | undefined {
  if (text.includes('://')) {
    return chartOfAddress(text);
  }
  const [alias, name, ...more] = text.split('/');
  if (alias === undefined || name === undefined || more.length > 0 || alias.startsWith('.') || name === '') {
    return undefined;
  }
  const known = listAt(file, 'repositories')?.items.find(
    (each) => each.kind === 'map' && textAt(each, 'name') === alias,
  );
  const url = known?.kind === 'map' ? textAt(known, 'url') : undefined;
  return { name, repository: normalRepository(url, name) ?? alias };
}
