import type { Edit } from '../../yaml/edits.js';
import type { YamlPath } from '../../yaml/path.js';
import { type MapValue, mapAt, textAt, type YamlValue } from '../../yaml/values.js';
import type { ChartTarget } from '../carrier.js';
import { chartOfAddress, isChartVersion } from '../chart-reference.js';
import { type ChartPlace, chartKind } from './chart-place.js';

/**
 * The `spec.ref` of an OCIRepository of Flux, which a HelmRelease takes its chart from (`chartRef`). A digest wins over
 * `semver`, and that over a `tag`. A tag has `_` where a version has `+`.
 *
 * @see https://fluxcd.io/flux/components/source/ocirepositories/#reference
 */
export const ociChart = chartKind('oci-chart', ({ value, path }) => ociPlaces(value, path));

/** The chart of an OCIRepository. */
export function ociPlaces(value: YamlValue, path: YamlPath): ChartPlace[] {
  const spec = value.kind === 'map' && textAt(value, 'kind') === 'OCIRepository' ? mapAt(value, 'spec') : undefined;
  if (value.kind !== 'map' || spec === undefined) {
    return [];
  }
  const metadata = mapAt(value, 'metadata');
  const ref = mapAt(spec, 'ref');
  const chart = chartOfAddress(textAt(spec, 'url') ?? '');
  if (chart === undefined && ref === undefined) {
    return [];
  }
  const semver = ref && (textAt(ref, 'semver') || undefined);
  const tag = ref && (textAt(ref, 'tag') || undefined);
  const digest = ref && (textAt(ref, 'digest') || undefined);
  const key = semver === undefined ? 'tag' : 'semver';
  const version = semver ?? tag?.replace('_', '+');
  const isFloating = version !== undefined && !isChartVersion(version);
  const at = [...path, 'spec', 'ref'];
  return [
    {
      ...{ name: chart?.name, repository: chart?.repository, digest, path: at, key },
      release: metadata && (textAt(metadata, 'name') || undefined),
      version: isFloating && digest !== undefined ? undefined : version,
      line: (ref ?? spec).line,
      edits: (target) => refEdits(ref, at, key, target),
      refusal: ({ name, version: wanted, digest: pin }) => {
        if (wanted === undefined && digest === undefined && version !== undefined && !isFloating) {
          return `Chart ${chart?.name ?? name} is to be set to a digest alone, and its ${key} ${version} would be left beside it. Name its version too.`;
        }
        if (digest === undefined || pin !== undefined || (version !== undefined && !isFloating)) {
          return undefined;
        }
        const beside = version === undefined ? 'alone' : `next to ${JSON.stringify(version)}`;
        return `Chart ${chart?.name ?? name} is pinned by its digest ${beside}. Name the digest of ${wanted}, or write \`${key}: ${wanted}\` there instead of the digest.`;
      },
    },
  ];
}

function refEdits(ref: MapValue | undefined, at: Edit['path'], key: 'tag' | 'semver', target: ChartTarget): Edit[] {
  const has = (name: string) => ref?.entries.has(name) === true;
  const edits: Edit[] = [];
  const { version, digest } = target;
  // What is pinned by a digest alone stays so, and a range that a digest overrules is left as it is.
  const current = ref && textAt(ref, key);
  const isNamed = current !== undefined && isChartVersion(current.replace('_', '+'));
  if (version !== undefined && (isNamed || digest === undefined || (has('tag') && key === 'tag'))) {
    edits.push({ path: [...at, key], value: key === 'tag' ? version.replace('+', '_') : version });
  } else if (version === undefined && isNamed) {
    edits.push({ path: [...at, key], remove: true });
  }
  if (digest !== undefined) {
    edits.push({
      path: [...at, 'digest'],
      value: digest,
      ...(has(key) && version !== undefined ? { after: key } : {}),
    });
  } else if (has('digest')) {
    edits.push({ path: [...at, 'digest'], remove: true });
  }
  return edits;
}
