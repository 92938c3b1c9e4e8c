import { posix } from 'node:path';
import { layerText } from '../kustomize/layers/layer-node.js';
import type { LayerObject } from '../kustomize/layers/layer-object.js';
import type { TreeReader } from '../tree/tree-reader.js';

/** The values of a chart in which its templates look for an image. */
export type ChartImageValues =
  /** In one mapping, with its path: `image` with `repository` and `tag`. */
  | { kind: 'mapping'; path: string[] }
  /** In one value with repository and tag: `image`. */
  | { kind: 'whole'; path: string[] }
  /** In some other way; paths of values that may be meant, `web.version`. */
  | { kind: 'other'; chart: string; paths: string[] };

/** Templates of a chart that are read. */
const MOST_TEMPLATES = 40;

/** What a template reads of the values: `.Values.image.tag`. */
const VALUE = /\.Values\.([\w.]+)/g;

/**
 * The folder in this repository that a HelmRelease takes its chart from.
 *
 * @returns `undefined` for a chart of another source
 * @see https://fluxcd.io/flux/components/helm/helmreleases/#chart-template
 */
export function chartFolderOf({ root }: Pick<LayerObject, 'root'>): string | undefined {
  const isGit = layerText(root, 'spec', 'chart', 'spec', 'sourceRef', 'kind') === 'GitRepository';
  const path = layerText(root, 'spec', 'chart', 'spec', 'chart');
  return isGit && path !== '' ? posix.join('/', path).slice(1).replace(/\/$/, '') : undefined;
}

/**
 * Reads which values of a chart its templates make images of. Takes two requests.
 *
 * @param folder of the chart
 * @returns `undefined` where it is not in this repository
 * @throws what a failed request throws
 */
export async function readChartImageValues(tree: TreeReader, folder: string): Promise<ChartImageValues | undefined> {
  const names = ((await tree.list(`${folder}/templates`)) ?? []).flatMap(({ type, name }) =>
    type === 'file' && /\.(ya?ml|tpl)$/.test(name) ? [name] : [],
  );
  const read = names.slice(0, MOST_TEMPLATES).map((name) => tree.read(`${folder}/templates/${name}`));
  const texts = (await Promise.all(read)).flatMap((text) => text ?? []);
  return texts.length === 0 ? undefined : imageValuesIn(texts, folder);
}

/** The values that templates make images of. Pure. */
export function imageValuesIn(texts: readonly string[], chart: string): ChartImageValues {
  const lines = texts.flatMap((text) => text.split('\n'));
  const used = new Set(lines.flatMap(valuesIn));
  const mappings = [...used].flatMap((path) => {
    const above = path.endsWith('.repository') ? path.slice(0, -'.repository'.length) : undefined;
    return above !== undefined && used.has(`${above}.tag`) ? [above] : [];
  });
  const imageLines = lines.filter((line) => /^\s*(?:-\s+)?image:/.test(line));
  const wholes = [...new Set(imageLines.flatMap(wholeIn))];
  const [mapping, ...moreMappings] = mappings;
  const [whole, ...moreWholes] = wholes;
  if (mapping !== undefined && moreMappings.length + wholes.length === 0) {
    return { kind: 'mapping', path: mapping.split('.') };
  }
  if (whole !== undefined && moreWholes.length + mappings.length === 0) {
    return { kind: 'whole', path: whole.split('.') };
  }
  const inLines = imageLines.flatMap(valuesIn);
  const byName = [...used].filter((path) => /(?:image|tag|version)$/i.test(path));
  return { kind: 'other', chart, paths: [...new Set([...inLines, ...byName])].sort() };
}

function valuesIn(line: string): string[] {
  return [...line.matchAll(VALUE)].flatMap(([, path = '']) => path.replace(/\.$/, ''));
}

/** The value that is all of an image: `image: "{{ .Values.image }}"`. */
function wholeIn(line: string): string[] {
  const text = line.slice(line.indexOf(':') + 1).trim();
  const isAlone = /^["']?\{\{-? *\.Values\.[\w.]+ *(?:\| *quote *)?-?\}\}["']?$/.test(text);
  return isAlone ? valuesIn(text) : [];
}
