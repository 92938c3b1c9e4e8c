import { posix } from 'node:path';
import { type MapValue, readValues, textAt, type YamlValue } from '../yaml/values.js';
import { parseRemote } from './remote.js';

/** The names kustomize looks for in a folder, the first one found counts. */
export const KUSTOMIZATION_NAMES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'] as const;

/** Whether a path is that of a kustomization. */
export function isKustomization(path: string): boolean {
  return KUSTOMIZATION_NAMES.some((name) => name === posix.basename(path));
}

/**
 * What a kustomization takes in: files, folders and remote folders, as written, in the order of the text. Secrets are
 * not followed.
 *
 * @throws Error naming file and line where the file is no valid YAML
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/
 */
export function referencesOf(text: string, file: string): string[] {
  const root = readValues(text, file)[0];
  if (root?.kind !== 'map') {
    return [];
  }
  const lists = ['resources', 'bases', 'components', 'crds', 'generators', 'transformers', 'patchesStrategicMerge'];
  const listed = lists.flatMap((key) => items(root, key).flatMap(textOf));
  const patches = ['patches', 'patchesJson6902'].flatMap((key) => fields(root, key, 'path'));
  const charts = [
    ...fields(root, 'helmCharts', 'valuesFile'),
    ...maps(root, 'helmCharts').flatMap((chart) => items(chart, 'additionalValuesFiles').flatMap(textOf)),
  ];
  const generated = maps(root, 'configMapGenerator')
    .flatMap((generator) => items(generator, 'files').flatMap(textOf))
    .map((entry) => entry.slice(entry.indexOf('=') + 1))
    .filter((path) => /\.(ya?ml|json)$/.test(path));
  // An inline patch among patchesStrategicMerge is text over several lines.
  return [...listed, ...patches, ...charts, ...generated].filter((each) => each !== '' && !each.includes('\n'));
}

/** The repositories, old and new, of a kustomization's `images`. */
export function imageNamesOf(text: string, file: string): string[] {
  const root = readValues(text, file)[0];
  return root?.kind === 'map' ? ['name', 'newName'].flatMap((name) => fields(root, 'images', name)) : [];
}

/** Whether a reference leads out of the repository. */
export function isRemote(reference: string): boolean {
  return !/\.(ya?ml|json)$/.test(reference) && parseRemote(reference) !== undefined;
}

function items(map: MapValue, key: string): YamlValue[] {
  const value = map.entries.get(key);
  return value?.kind === 'list' ? value.items : [];
}

function maps(map: MapValue, key: string): MapValue[] {
  return items(map, key).filter((item) => item.kind === 'map');
}

function fields(map: MapValue, key: string, name: string): string[] {
  return maps(map, key).flatMap((item) => textAt(item, name) ?? []);
}

function textOf(value: YamlValue): string[] {
  return value.kind === 'text' ? [value.text] : [];
}
