import { readValues } from '../yaml/values.js';
import { fieldsAt, itemsAt, mapsAt, textOf } from './list-fields.js';

/**
 * What a kustomization takes in: files, folders and remote folders, as written, in the order of the text. Secrets are
 * not followed.
 *
 * @throws Error naming file and line where the file is no valid YAML
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/
 */
export function manifestReferences(text: string, file: string): string[] {
  const root = readValues(text, file)[0];
  if (root?.kind !== 'map') {
    return [];
  }
  const lists = ['resources', 'bases', 'components', 'crds', 'generators', 'transformers', 'patchesStrategicMerge'];
  const listed = lists.flatMap((key) => itemsAt(root, key).flatMap(textOf));
  const patches = ['patches', 'patchesJson6902'].flatMap((key) => fieldsAt(root, key, 'path'));
  const charts = [
    ...fieldsAt(root, 'helmCharts', 'valuesFile'),
    ...mapsAt(root, 'helmCharts').flatMap((chart) => itemsAt(chart, 'additionalValuesFiles').flatMap(textOf)),
  ];
  const generated = mapsAt(root, 'configMapGenerator')
    .flatMap((generator) => itemsAt(generator, 'files').flatMap(textOf))
    .map((entry) => entry.slice(entry.indexOf('=') + 1))
    .filter((path) => /\.(ya?ml|json)$/.test(path));
  // An inline patch among patchesStrategicMerge is text over several lines.
  return [...listed, ...patches, ...charts, ...generated].filter((each) => each !== '' && !each.includes('\n'));
}
