import { posix } from 'node:path';
import { isKustomization } from '../kustomize/kustomization.js';
import { itemsAt, mapsAt, textOf } from '../kustomize/list-fields.js';
import { isManifestPath } from '../kustomize/manifest-path.js';
import { readPath, type YamlPath } from '../yaml/path.js';
import { listAt, type MapValue, mapAt, textAt, type YamlValue } from '../yaml/values.js';
import { overlayNodes } from './file-nodes.js';
import type { OverlayFile } from './overlay-file.js';
import { releaseValuesFiles } from './release-values.js';
import type { YamlNode } from './yaml-nodes.js';

/** A text in the values of a chart, and where it is written. */
export interface ValueText {
  file: string;
  document: number;
  /** In its document. */
  path: YamlPath;
  line: number;
  text: string;
}

/** The values that one place gives a chart: a file, a field of an object, parameters. */
export interface ValueLayer {
  file: string;
  document: number;
  /** Where the values begin in the document; `undefined` where they are single ones, such as parameters. */
  root: YamlPath | undefined;
  /** The texts in it by their paths in the values, `image.tag` as `["image","tag"]`. */
  texts: ReadonlyMap<string, ValueText>;
  /** Whether a version that it leaves open moves where a weaker layer says it. */
  isFilled?: boolean;
  /** Why it is not taken at all, where it is not: a sentence. */
  ignored?: string;
}

/** All values that one chart is given, the weakest first: what a later layer says too is taken from that. */
export type ValueStack = readonly ValueLayer[];

interface ReadFile {
  file: OverlayFile;
  nodes: readonly YamlNode[];
}

/** A document of a file. */
interface Place {
  files: readonly ReadFile[];
  file: OverlayFile;
  document: number;
  /** The object, and its path in the document. */
  object: MapValue;
  path: YamlPath;
}

/**
 * The stacks of values in files: of each HelmRelease, each Helm source of an Application, each chart of a kustomization, each
 * release of a helmfile, and of a definition, whose weakest file names them, as far as their layers are among the files.
 */
export function valueStacks(files: readonly OverlayFile[]): ValueStack[] {
  const weakest = files.find(({ path, deploys }) => deploys?.[0] === path);
  if (weakest === undefined && !files.some(({ text }) => /HelmRelease|Application|helmCharts|releases/.test(text))) {
    return [];
  }
  const read = files.map((file): ReadFile => ({ file, nodes: file.onlyNamed === true ? [] : overlayNodes(file) }));
  const ofDefinition = fileLayers(read, weakest?.deploys ?? []).map((layer) => ({ ...layer, isFilled: true }));
  const ofObjects = read.flatMap(({ file, nodes }) =>
    nodes.flatMap(({ path, document, value }) =>
      path.length === 0 && value.kind === 'map' ? stacksOf({ files: read, file, document, object: value, path }) : [],
    ),
  );
  return [...ofObjects, ofDefinition];
}

function stacksOf(place: Place): ValueStack[] {
  const { object, file } = place;
  const kind = textAt(object, 'kind');
  if (isKustomization(file.path)) {
    return mapsAt(object, 'helmCharts').map((chart, index) => stackOfChart(place, chart, index));
  }
  if (kind === 'HelmRelease') {
    return [stackOfRelease(place)];
  }
  if (kind === 'Application' || kind === 'ApplicationSet') {
    return stacksOfApplication(place, kind === 'Application' ? [] : ['spec', 'template']);
  }
  return kind === undefined
    ? mapsAt(object, 'releases').map((release, index) => stackOfHelmfile(place, release, index))
    : [];
}

/**
 * Files of the chart's repository come first, then what `valuesFrom` names in its order, and `values` last.
 *
 * @see https://fluxcd.io/flux/components/helm/helmreleases/#values
 */
function stackOfRelease(place: Place): ValueStack {
  const spec = mapAt(place.object, 'spec');
  const references = spec === undefined ? [] : mapsAt(spec, 'valuesFrom');
  return [
    ...fileLayers(place.files, releaseValuesFiles(place.object)),
    ...references.flatMap((reference) => layersOfReference(place, reference)),
    layerAt(place, ['spec', 'values']),
  ];
}

/** The values of a ConfigMap that is among the files: an object, or what a kustomization makes of a file. */
function layersOfReference({ files }: Place, reference: MapValue): ValueLayer[] {
  const name = textAt(reference, 'name') ?? '';
  const key = textAt(reference, 'valuesKey') || 'values.yaml';
  if (textAt(reference, 'kind') !== 'ConfigMap') {
    return [];
  }
  const target = readPath(textAt(reference, 'targetPath') ?? '');
  return files.flatMap(({ file, nodes }) =>
    nodes.flatMap((node): ValueLayer[] => {
      const { value, path, document } = node;
      if (value.kind !== 'map') {
        return [];
      }
      const isMap = path.length === 0 && textAt(value, 'kind') === 'ConfigMap' && nameOf(value) === name;
      const data = isMap ? mapAt(value, 'data')?.entries.get(key) : undefined;
      if (data !== undefined && target !== undefined) {
        return singleLayer(file, document, [{ rel: target, path: ['data', key], value: data }]);
      }
      if (data !== undefined) {
        return [layerIn(nodes, file, document, ['data', key, { yaml: 0 }])];
      }
      const isGenerated = path[0] === 'configMapGenerator' && path.length === 2 && textAt(value, 'name') === name;
      return isGenerated && isKustomization(file.path) ? fileLayers(files, generatedFile(file, value, key)) : [];
    }),
  );
}

/** The file that a generator of ConfigMaps has under a key. */
function generatedFile({ path }: OverlayFile, generator: MapValue, key: string): string[] {
  const entries = itemsAt(generator, 'files').flatMap(textOf);
  return entries.flatMap((entry) => {
    const equals = entry.indexOf('=');
    const named = equals < 0 ? posix.basename(entry) : entry.slice(0, equals);
    return named === key ? [posix.join(posix.dirname(path), entry.slice(equals + 1))] : [];
  });
}

/**
 * Parameters come over `valuesObject`, that over `values`, and that over the files, the later over the earlier one. Where
 * `valuesObject` has something, `values` are not taken at all.
 *
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/helm/
 */
function stacksOfApplication(place: Place, at: YamlPath): ValueStack[] {
  const holder = at.reduce<YamlValue | undefined>(
    (value, key) => (value?.kind === 'map' ? value.entries.get(String(key)) : undefined),
    place.object,
  );
  const spec = holder?.kind === 'map' ? mapAt(holder, 'spec') : undefined;
  if (spec === undefined) {
    return [];
  }
  const single = mapAt(spec, 'source');
  const sources = listAt(spec, 'sources')?.items ?? [];
  const found = [
    ...(single === undefined ? [] : [{ source: single, path: [...at, 'spec', 'source'] }]),
    ...sources.flatMap((source, index) =>
      source.kind === 'map' ? [{ source, path: [...at, 'spec', 'sources', index] }] : [],
    ),
  ];
  return found.flatMap(({ source, path }) => {
    const helm = mapAt(source, 'helm');
    return helm === undefined ? [] : [stackOfSource(place, { source, helm, path: [...path, 'helm'] })];
  });
}

const IGNORED = 'Argo CD does not take "values" where there is a "valuesObject". Move what is in "values" there.';

function stackOfSource(
  place: Place,
  { source, helm, path }: { source: MapValue; helm: MapValue; path: YamlPath },
): ValueStack {
  const { files, file, document } = place;
  const folder = textAt(source, 'path') ?? '';
  const named = itemsAt(helm, 'valueFiles').flatMap(textOf);
  const paths = named.map((name) =>
    /^\$[\w-]+\//.test(name) ? name.replace(/^[^/]*\//, '') : posix.join('/', folder, name).slice(1),
  );
  const object = mapAt(helm, 'valuesObject');
  const inline =
    object !== undefined && object.entries.size > 0 ? [...path, 'valuesObject'] : [...path, 'values', { yaml: 0 }];
  const ignored =
    inline.at(-1) === 'valuesObject' ? [{ ...layerAt(place, [...path, 'values', { yaml: 0 }]), ignored: IGNORED }] : [];
  const parameters = mapsAt(helm, 'parameters').flatMap((parameter) => {
    const rel = readPath(textAt(parameter, 'name') ?? '');
    const value = parameter.entries.get('value');
    const index = itemsAt(helm, 'parameters').indexOf(parameter);
    return rel === undefined || value === undefined
      ? []
      : [{ rel, path: [...path, 'parameters', index, 'value'], value }];
  });
  return [
    ...ignored,
    ...fileLayers(files, [posix.join(folder, 'values.yaml'), ...paths]),
    layerAt(place, inline),
    ...singleLayer(file, document, parameters),
  ];
}

/**
 * `valuesInline` comes over the file unless `valuesMerge` says `merge`, and further files over both.
 *
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/builtins/#_helmchartinflationgenerator_
 */
function stackOfChart(place: Place, chart: MapValue, index: number): ValueStack {
  const { files, file } = place;
  const at = (path: string) => posix.join(posix.dirname(file.path), path);
  const own = textAt(chart, 'valuesFile');
  const ofFile = fileLayers(files, own === undefined ? [] : [at(own)]);
  const inline = layerAt(place, ['helmCharts', index, 'valuesInline']);
  const both = textAt(chart, 'valuesMerge') === 'merge' ? [inline, ...ofFile] : [...ofFile, inline];
  return [...both, ...fileLayers(files, itemsAt(chart, 'additionalValuesFiles').flatMap(textOf).map(at))];
}

/**
 * The later values of a release come over the earlier ones, and what it sets over all of them.
 *
 * @see https://helmfile.readthedocs.io/en/stable/values-and-merging/
 */
function stackOfHelmfile(place: Place, release: MapValue, index: number): ValueStack {
  const { files, file, document } = place;
  const at = ['releases', index];
  const values = itemsAt(release, 'values').flatMap((value, item) =>
    value.kind === 'text'
      ? fileLayers(files, [posix.join(posix.dirname(file.path), value.text)])
      : [layerAt(place, [...at, 'values', item])],
  );
  const set = itemsAt(release, 'set').flatMap((item, number) => {
    const rel = item.kind === 'map' ? readPath(textAt(item, 'name') ?? '') : undefined;
    const value = item.kind === 'map' ? item.entries.get('value') : undefined;
    return rel === undefined || value === undefined ? [] : [{ rel, path: [...at, 'set', number, 'value'], value }];
  });
  return [...values, ...singleLayer(file, document, set)];
}

/** The layers of files, also of those whose names a generator fills in: `values-{{env}}.yaml`. */
function fileLayers(files: readonly ReadFile[], paths: readonly string[]): ValueLayer[] {
  return paths.flatMap((path) =>
    files.flatMap(({ file, nodes }) =>
      isManifestPath(file.path) && isNamed(file.path, path) ? [layerIn(nodes, file, 0, [])] : [],
    ),
  );
}

function isNamed(path: string, name: string): boolean {
  const parts = name.split(/\{\{[^{}]{1,100}\}\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return parts.length === 1 ? path === name : new RegExp(`^${parts.join('[^/]+')}$`).test(path);
}

function layerAt({ files, file, document }: Place, root: YamlPath): ValueLayer {
  const nodes = files.find((each) => each.file === file)?.nodes ?? [];
  return layerIn(nodes, file, document, root);
}

function layerIn(nodes: readonly YamlNode[], file: OverlayFile, document: number, root: YamlPath): ValueLayer {
  const texts = new Map<string, ValueText>();
  for (const { path, value, document: own } of nodes) {
    const rel = own === document ? pathBelow(root, path) : undefined;
    if (rel !== undefined && value.kind === 'text') {
      texts.set(JSON.stringify(rel), { file: file.path, document, path, line: value.line, text: value.text });
    }
  }
  return { file: file.path, document, root, texts };
}

/** A layer of single values; none where there are none. */
function singleLayer(
  { path: file }: OverlayFile,
  document: number,
  values: readonly { rel: YamlPath; path: YamlPath; value: YamlValue }[],
): ValueLayer[] {
  const texts = values.flatMap(({ rel, path, value }): [string, ValueText][] =>
    value.kind === 'text' ? [[JSON.stringify(rel), { file, document, path, line: value.line, text: value.text }]] : [],
  );
  return texts.length === 0 ? [] : [{ file, document, root: undefined, texts: new Map(texts) }];
}

/** A path from a root on; `undefined` where it is not below it. */
export function pathBelow(root: YamlPath, path: YamlPath): YamlPath | undefined {
  const isBelow =
    path.length > root.length &&
    root.every((segment, index) => JSON.stringify(segment) === JSON.stringify(path[index]));
  return isBelow ? path.slice(root.length) : undefined;
}

function nameOf(object: MapValue): string | undefined {
  const metadata = mapAt(object, 'metadata');
  return metadata && textAt(metadata, 'name');
}
