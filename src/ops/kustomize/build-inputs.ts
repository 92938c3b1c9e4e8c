import { type MapValue, readValues, textAt, type YamlValue } from '../yaml/values.js';
import { isRemote } from './remote.js';

/** A file, folder or address that a kustomization is built from. */
export interface BuildInput {
  /** The key that it is listed under, for example `resources` or `configMapGenerator.files`. */
  key: string;
  /** As written: a path relative to the kustomization, or an address. */
  path: string;
  /** Line of the kustomization, from 1. */
  line: number;
  /** `remote` is outside of the repository; `either` is a file, or a folder with a kustomization of its own. */
  kind: 'file' | 'either' | 'remote';
}

/** Keys whose entries are files, folders, or inline YAML. */
const FOLDERS = ['resources', 'bases', 'components', 'generators', 'transformers', 'validators'] as const;

/** Keys whose entries are files, or inline YAML. */
const FILES = ['crds', 'configurations', 'patchesStrategicMerge'] as const;

/** Keys whose entries are maps that name a file under one of these keys. */
const NAMED: Record<string, readonly string[]> = {
  patches: ['path'],
  patchesJson6902: ['path'],
  replacements: ['path'],
  configMapGenerator: ['files', 'envs', 'env'],
  secretGenerator: ['files', 'envs', 'env'],
  helmCharts: ['valuesFile', 'additionalValuesFiles'],
};

/**
 * Everything that a kustomization is built from: all that kustomize would open. `manifestReferences` lists only what
 * may carry a version.
 *
 * @param text the kustomization
 * @param file its path, for messages
 * @returns the inputs, grouped by the lists of keys above
 * @throws InvalidYaml with file and line where the file is not valid YAML
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/
 */
export function buildInputs(text: string, file: string): BuildInput[] {
  const root = readValues(text, file)[0];
  if (root?.kind !== 'map') {
    return [];
  }
  const folders = FOLDERS.flatMap((key) => texts(root.entries.get(key)).map((at) => input(key, at, 'either')));
  const files = FILES.flatMap((key) => texts(root.entries.get(key)).map((at) => input(key, at, 'file')));
  const named = Object.entries(NAMED).flatMap(([key, names]) =>
    maps(root, key).flatMap((item) => names.flatMap((name) => namedFiles(item, key, name))),
  );
  const openapi = root.entries.get('openapi');
  const schema = openapi?.kind === 'map' ? texts(openapi.entries.get('path')) : [];
  return [...folders, ...files, ...named, ...schema.map((at) => input('openapi', at, 'file'))].filter(
    // Inline YAML has several lines, or begins like a map.
    ({ path }) => path !== '' && !path.includes('\n') && !path.startsWith('{'),
  );
}

/**
 * What generators and transformers of kustomize's own open, which are written out as objects: each in a file, or within the
 * kustomization that lists it.
 *
 * @param text a kustomization, or a file of it
 * @throws InvalidYaml with file and line where the file is not valid YAML
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/builtins/
 */
export function builtinInputs(text: string, file: string): BuildInput[] {
  return readValues(text, file).flatMap((root) => {
    if (root.kind !== 'map') {
      return [];
    }
    const within = ['generators', 'transformers', 'validators'].flatMap((key) => texts(root.entries.get(key)));
    const inputs =
      textAt(root, 'apiVersion') === 'builtin'
        ? [
            ...['path', 'paths', 'files', 'envs', 'env'].flatMap((name) => namedFiles(root, 'builtin', name)),
            ...maps(root, 'replacements').flatMap((item) => namedFiles(item, 'builtin', 'path')),
          ]
        : [];
    return [
      ...inputs,
      ...within.flatMap(({ text: inner, line }) =>
        inner.includes('\n') ? builtinInputs(inner, file).map((each) => ({ ...each, line })) : [],
      ),
    ];
  });
}

/**
 * Whether a kustomization inflates Helm charts, which kustomize refuses without `--enable-helm`.
 *
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/builtins/#_helmchartinflationgenerator_
 */
export function usesHelm(text: string, file: string): boolean {
  const root = readValues(text, file)[0];
  return (
    root?.kind === 'map' && ['helmCharts', 'helmChartInflationGenerator'].some((key) => maps(root, key).length > 0)
  );
}

function namedFiles(item: MapValue, key: string, name: string): BuildInput[] {
  const under = name === 'path' ? key : `${key}.${name}`;
  if (name !== 'files') {
    return texts(item.entries.get(name)).map((at) => input(under, at, 'file'));
  }
  // `files: [key=path]`
  return texts(item.entries.get(name)).map(({ text, line }) =>
    input(under, { text: text.slice(text.indexOf('=') + 1), line }, 'file'),
  );
}

interface Text {
  text: string;
  line: number;
}

function input(key: string, { text, line }: Text, kind: 'file' | 'either'): BuildInput {
  return { key, path: text, line, kind: isAddress(text) ? 'remote' : kind };
}

function isAddress(path: string): boolean {
  return /^[a-z][a-z0-9+.-]*:/i.test(path) || isRemote(path);
}

function texts(value: YamlValue | undefined): Text[] {
  switch (value?.kind) {
    case 'text':
      return [value];
    case 'list':
      return value.items.filter((item) => item.kind === 'text');
    default:
      return [];
  }
}

function maps(root: MapValue, key: string): MapValue[] {
  const value = root.entries.get(key);
  return value?.kind === 'list' ? value.items.filter((item) => item.kind === 'map') : [];
}
