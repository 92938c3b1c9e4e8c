import type { Edit } from '../../yaml/edits.js';
import type { YamlPath } from '../../yaml/path.js';
import { mapAt, readValues, textAt, type YamlValue } from '../../yaml/values.js';
import type { ChartTarget } from '../carrier.js';
import { chartKind } from './chart-place.js';

/** Where objects have the version of a chart, as JSON pointers. */
const POINTERS: Readonly<Record<string, readonly string[]>> = {
  HelmRelease: ['/spec/chart/spec/version'],
  HelmChart: ['/spec/version'],
  OCIRepository: ['/spec/ref/semver', '/spec/ref/tag'],
};

/**
 * A JSON patch in a kustomization that writes the version of a chart: `{target: {kind: HelmRelease, name: podinfo}, patch:
 * "- {op: replace, path: /spec/chart/spec/version, value: 6.5.0}"}`. It names no chart, only what it is installed as.
 *
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/patches/
 */
export const chartPatch = chartKind('chart-patch', ({ value, path }) => {
  const target = value.kind === 'map' ? mapAt(value, 'target') : undefined;
  const patch = value.kind === 'map' ? value.entries.get('patch') : undefined;
  const pointers = POINTERS[(target && textAt(target, 'kind')) ?? ''];
  const release = target && textAt(target, 'name');
  // The name of a target may be a pattern.
  if (pointers === undefined || patch?.kind !== 'text' || release === undefined || !/^[a-z0-9.-]+$/.test(release)) {
    return [];
  }
  const operations = operationsIn(patch.text);
  const writes = (pointer: string) => operations.find((each) => each.pointer === pointer);
  const version = pointers.flatMap((pointer) => writes(pointer) ?? [])[0];
  const digest = writes('/spec/ref/digest');
  const main = version ?? digest;
  if (main === undefined) {
    return [];
  }
  const at = (index: number): YamlPath => [...path, 'patch', { yaml: 0 }, index];
  const isTag = version?.pointer.endsWith('/tag') === true;
  return [
    {
      ...{ name: undefined, repository: undefined, release, path: at(main.index), line: patch.line },
      ...{ version: isTag ? version.value.replace('_', '+') : version?.value || undefined, digest: digest?.value },
      key: version === undefined ? 'digest' : 'value',
      edits: (wanted) => {
        const edits: Edit[] = [];
        if (version !== undefined && wanted.version !== undefined) {
          const value = isTag ? wanted.version.replace('+', '_') : wanted.version;
          edits.push({ path: [...at(version.index), 'value'], value });
        }
        if (digest !== undefined) {
          const path = at(digest.index);
          edits.push(
            wanted.digest === undefined ? { path, remove: true } : { path: [...path, 'value'], value: wanted.digest },
          );
        }
        return edits;
      },
      refusal: (wanted) => refusalOf(wanted, version !== undefined, digest !== undefined),
    },
  ];
});

interface Operation {
  index: number;
  pointer: string;
  value: string;
}

/** The operations of a JSON patch that write a text; none where the patch is something else. */
function operationsIn(text: string): Operation[] {
  let list: YamlValue | undefined;
  try {
    list = readValues(text, '')[0];
  } catch {
    return [];
  }
  return (list?.kind === 'list' ? list.items : []).flatMap((each, index): Operation[] => {
    const value =
      each.kind === 'map' && /^(add|replace)$/.test(textAt(each, 'op') ?? '') ? textAt(each, 'value') : undefined;
    const pointer = each.kind === 'map' ? textAt(each, 'path') : undefined;
    return value === undefined || pointer === undefined ? [] : [{ index, pointer, value }];
  });
}

function refusalOf(
  { name, version, digest }: ChartTarget,
  hasVersion: boolean,
  hasDigest: boolean,
): string | undefined {
  if (hasVersion && version === undefined) {
    return `Chart ${name} is to be set to a digest, and the patch writes its version. Name its version.`;
  }
  return !hasVersion && hasDigest && digest === undefined
    ? `The patch writes the digest of chart ${name} and no version. Name the digest of ${version}, or let the patch write \`/spec/ref/tag\`.`
    : undefined;
}
