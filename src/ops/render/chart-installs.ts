import { posix } from 'node:path';
import { yamlDocuments } from '../../config/yaml-documents.js';
import type { OverlayFile } from '../carriers/overlay-file.js';

/** A chart as an environment installs it. */
export interface ChartInstall {
  release: string;
  namespace: string;
  /** A folder of the repository, or a chart of a chart repository. */
  chart: { folder: string } | { name: string; version: string };
  /** Values in the order in which they apply, YAML. */
  values: string[];
  /** The files that these are, where they are files. */
  valueNames?: string[];
  /** `name=value`, as Argo CD's parameters are. */
  parameters: string[];
  /** Whether it has values from places that are not read, such as `valuesFrom`. */
  hasMore: boolean;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * The charts that the files of an overlay install: of HelmReleases, Applications, `helmCharts` of a kustomization, wrapper
 * charts, and values files in the folder of a chart.
 *
 * @param app what a chart without a name of its own is installed as
 * @param isChart whether a folder of the repository is a chart
 */
export function chartInstalls(
  files: readonly OverlayFile[],
  app: string,
  isChart: (folder: string) => boolean,
): ChartInstall[] {
  return files.flatMap((file) => {
    const folder = posix.dirname(file.path);
    const name = posix.basename(file.path);
    const plain = install(app, 'default', { folder }, []);
    if (name === 'Chart.yaml') {
      return [plain];
    }
    if (/values.*\.ya?ml$/.test(name) && isChart(folder)) {
      // Helm itself reads the file `values.yaml`.
      return name === 'values.yaml' ? [] : [{ ...plain, values: [file.text], valueNames: [file.path] }];
    }
    const own = (path: string) => files.find((other) => other.path === posix.join(folder, path))?.text;
    return objectsIn(file.text).flatMap((object) => installsOf(object, isChart, own));
  });
}

function installsOf(object: Json, isChart: (folder: string) => boolean, own: (path: string) => string | undefined) {
  const name = textOf(at(object, 'metadata', 'name'));
  const namespace = textOf(at(object, 'metadata', 'namespace')) || 'default';
  switch (object.kind) {
    case 'HelmRelease': {
      const spec = at(object, 'spec', 'chart', 'spec');
      const called = textOf(at(spec, 'chart'));
      const folder = posix.join(called);
      const isHere = at(spec, 'sourceRef', 'kind') === 'GitRepository' && isChart(folder);
      const chart = isHere ? { folder } : fetched(called, textOf(at(spec, 'version')));
      const values = at(object, 'spec', 'values');
      const hasMore = listOf(at(object, 'spec', 'valuesFrom')).length > 0;
      return chart === undefined
        ? []
        : [{ ...install(name, namespace, chart, values === undefined ? [] : [jsonOf(values)]), hasMore }];
    }
    case 'Application': {
      const sources = [at(object, 'spec', 'source'), ...listOf(at(object, 'spec', 'sources'))];
      const target = textOf(at(object, 'spec', 'destination', 'namespace')) || namespace;
      return sources.flatMap((source) => {
        const folder = posix.join(textOf(at(source, 'path')));
        const called = textOf(at(source, 'chart'));
        const isHere = called === '' && folder !== '.' && isChart(folder);
        const chart = isHere ? { folder } : fetched(called, textOf(at(source, 'targetRevision')));
        // Where there are both, Argo CD takes the object alone.
        const inline = at(source, 'helm', 'valuesObject') ?? at(source, 'helm', 'values');
        const values = inline === undefined ? [] : [inline];
        const parameters = listOf(at(source, 'helm', 'parameters')).map(
          (each) => `${textOf(at(each, 'name'))}=${textOf(at(each, 'value'))}`,
        );
        const release = textOf(at(source, 'helm', 'releaseName')) || name;
        const hasMore = ['valueFiles', 'fileParameters'].some((key) => listOf(at(source, 'helm', key)).length > 0);
        return chart === undefined
          ? []
          : [{ ...install(release, target, chart, values.map(jsonOf)), parameters, hasMore }];
      });
    }
    default:
      return listOf(object.helmCharts).flatMap((entry) => {
        const called = textOf(at(entry, 'name'));
        const chart = fetched(called, textOf(at(entry, 'version')));
        const file = own(textOf(at(entry, 'valuesFile')));
        const hasMore =
          (file === undefined && at(entry, 'valuesFile') !== undefined) ||
          listOf(at(entry, 'additionalValuesFiles')).length > 0;
        const inline = at(entry, 'valuesInline');
        const both = [...(file === undefined ? [] : [file]), ...(inline === undefined ? [] : [jsonOf(inline)])];
        const values = at(entry, 'valuesMerge') === 'merge' ? both.toReversed() : both;
        const release = textOf(at(entry, 'releaseName')) || called;
        return chart === undefined
          ? []
          : [{ ...install(release, textOf(at(entry, 'namespace')) || 'default', chart, values), hasMore }];
      });
  }
}

function install(release: string, namespace: string, chart: ChartInstall['chart'], values: string[]): ChartInstall {
  return { release, namespace, chart, values, parameters: [], hasMore: false };
}

function fetched(called: string, version: string): ChartInstall['chart'] | undefined {
  const name = called.split('/').at(-1) ?? '';
  return name === '' ? undefined : { name, version };
}

/** The mappings of a file; none where it is no YAML. */
function objectsIn(text: string): Json[] {
  return yamlDocuments(text).documents.flatMap((document) => {
    const value: unknown = document.errors.length > 0 ? undefined : document.toJS();
    return isJson(value) ? [value] : [];
  });
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function at(value: unknown, ...keys: string[]): unknown {
  return keys.reduce<unknown>((inner, key) => (isJson(inner) ? inner[key] : undefined), value);
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** A text is YAML already. */
function jsonOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
