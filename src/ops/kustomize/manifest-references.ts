import { readValues, textAt } from '../yaml/values.js';
import { fieldsAt, itemsAt, mapsAt, textOf } from './list-fields.js';
import { isManifestPath } from './manifest-path.js';

/**
 * The files, folders and addresses that a kustomization includes and that may carry a version: manifests, patches,
 * replacements, Helm values, and YAML files of ConfigMaps. Files of Secrets are left out, so that nobody reads them.
 *
 * @returns the references as written, grouped by key
 * @throws InvalidYaml with file and line where the file is not valid YAML
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/
 */
export function manifestReferences(text: string, file: string): string[] {
  const root = readValues(text, file)[0];
  if (root?.kind !== 'map') {
    return [];
  }
  const lists = ['resources', 'bases', 'components', 'crds', 'generators', 'transformers', 'patchesStrategicMerge'];
  const listed = lists.flatMap((key) => itemsAt(root, key).flatMap(textOf));
  const patches = ['patches', 'patchesJson6902', 'replacements'].flatMap((key) => fieldsAt(root, key, 'path'));
  const charts = [
    ...fieldsAt(root, 'helmCharts', 'valuesFile'),
    ...mapsAt(root, 'helmCharts').flatMap((chart) => itemsAt(chart, 'additionalValuesFiles').flatMap(textOf)),
  ];
  const generated = mapsAt(root, 'configMapGenerator')
    .flatMap((generator) => itemsAt(generator, 'files').flatMap(textOf))
    .map((entry) => entry.slice(entry.indexOf('=') + 1))
    .filter((path) => isManifestPath(path));
  // An inline patch in patchesStrategicMerge is a text of several lines, and not a reference.
  return [...listed, ...patches, ...charts, ...generated].filter((each) => each !== '' && !each.includes('\n'));
}

/**
 * The files of variables, `KEY=value` lines, from which a kustomization makes ConfigMaps. Those of Secrets are left out.
 *
 * @returns the references as written
 * @throws InvalidYaml with file and line where the file is not valid YAML
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/configmapgenerator/
 */
export function envReferences(text: string, file: string): string[] {
  const root = readValues(text, file)[0];
  return root?.kind !== 'map'
    ? []
    : mapsAt(root, 'configMapGenerator')
        .flatMap((generator) => [...itemsAt(generator, 'envs').flatMap(textOf), textAt(generator, 'env') ?? ''])
        .filter((path) => path !== '');
}
