import type { ImageTarget } from '../carriers/carrier.js';
import { formatReference } from '../carriers/image-reference.js';
import { layerText } from '../kustomize/layers/layer-node.js';
import type { LayeredImages } from '../kustomize/layers/running-containers.js';
import type { TreeReader } from '../tree/tree-reader.js';
import { formatPath, type YamlPath } from '../yaml/path.js';
import { readValues } from '../yaml/values.js';
import { type ChartImageValues, chartFolderOf, readChartImageValues } from './chart-image-values.js';
import { type GitSources, ownerOfSource } from './git-source-owner.js';
import { imagesOfOverlay, type LayeredOverlay } from './layered-overlay.js';
import { madeObject, ownership } from './ownership.js';
import { onlyRelease, releasePatch } from './values-patch.js';

/** What is known of the values that a chart makes its images of. */
export type KnownChart = ChartImageValues | 'not here' | 'not asked';

/**
 * What to do where an overlay has no container, for a HelmRelease makes what runs and says nothing of an image. Reads the templates
 * of its chart where they are in this repository.
 *
 * @returns sentences for a person, with the lines to paste; `undefined` where it is not so
 * @throws what a failed request throws
 */
export async function adviceOnReleases(
  tree: TreeReader,
  layout: GitSources,
  overlays: readonly LayeredOverlay[],
  targets: readonly ImageTarget[],
): Promise<string | undefined> {
  const [target] = targets;
  for (const overlay of target === undefined ? [] : overlays) {
    const images = imagesOfOverlay(overlay);
    const release = releaseIn(overlay, images);
    const source = layerText(release?.root, 'spec', 'chart', 'spec', 'sourceRef', 'name');
    const isHere = ownerOfSource(source, layout) !== 'others';
    const folder = isHere ? release && chartFolderOf(release) : undefined;
    const chart = folder === undefined ? undefined : await readChartImageValues(tree, folder);
    const advice = target && releaseAdvice(overlay, images, target, chart ?? 'not here');
    if (advice !== undefined) {
      return advice;
    }
  }
  return undefined;
}

/**
 * What to do in such an overlay. Pure.
 *
 * @param chart what is known of the release's chart
 */
export function releaseAdvice(
  overlay: LayeredOverlay,
  images: LayeredImages,
  target: ImageTarget,
  chart: KnownChart,
): string | undefined {
  const release = releaseIn(overlay, images);
  if (release === undefined) {
    return undefined;
  }
  const { path } = overlay.kustomization;
  const { name } = release.ids[0] ?? { name: '' };
  const what = `HelmRelease ${name} installs a chart, which makes what runs.`;
  const add = (at: readonly string[], value: string | { repository: string; tag: string }) =>
    `add to the list "patches" of ${path}:\n\npatches:\n${releasePatch(release, at, value)}`;
  if (chart === 'not here') {
    return (
      `${what} Say the version in its values, under the keys that the chart has for it: "helm show values" tells them. Where these are not ` +
      '"image.repository" and "image.tag", write those instead, and name the value under "carriers" in ostack.yaml, with its file, path and ' +
      `image. Where they are, ${add(['image'], mappingOf(target))}`
    );
  }
  if (chart === 'not asked') {
    return chartFolderOf(release) === undefined
      ? releaseAdvice(overlay, images, target, 'not here')
      : `${what} Run again then, to be told which of its values says the version.`;
  }
  switch (chart.kind) {
    case 'mapping':
      return `${what} Say the version in the values that its templates read: ${add(chart.path, mappingOf(target))}`;
    case 'whole':
      return (
        `${what} Say the version in the value that its templates read: ${add(chart.path, wholeOf(target))}` +
        namedToo(overlay, chart.path, target)
      );
    case 'other': {
      const likely = likeliest(chart.paths);
      return likely === undefined
        ? `${what} The templates of ${chart.chart} take no image from a value, so that no value says the version. Let them take it from "image.repository" and "image.tag", then run again.`
        : `${what} The templates of ${chart.chart} read ${chart.paths.join(', ')}. Say the version in the one that is meant; where that is ${likely}, ` +
            `${add(likely.split('.'), target.tag ?? '')}${namedToo(overlay, likely.split('.'), target)}`;
    }
  }
}

/** The HelmRelease that makes what runs of an app; `undefined` where there are containers, or several releases. */
function releaseIn(overlay: LayeredOverlay, { containers, others }: LayeredImages) {
  const isOurs = ownership(overlay);
  return containers.length > 0 ? undefined : onlyRelease(others.filter((object) => isOurs(madeObject(object))));
}

/** The value that is most likely a version, by its name. */
function likeliest(paths: readonly string[]): string | undefined {
  const ending = (word: RegExp) => paths.find((path) => word.test(path));
  return ending(/tag$/i) ?? ending(/version$/i);
}

/** The lines that name a value which a patch sets that is the last one of its kustomization. */
function namedToo({ kustomization }: LayeredOverlay, at: readonly string[], { repository }: ImageTarget): string {
  const [root] = readValues(kustomization.text, kustomization.path);
  const patches = root?.kind === 'map' ? root.entries.get('patches') : undefined;
  const index = patches?.kind === 'list' ? patches.items.length : 0;
  const path: YamlPath = ['patches', index, 'patch', 'spec', 'values', ...at];
  return `\nand to ostack.yaml:\n\ncarriers:\n  - file: ${kustomization.path}\n    path: ${formatPath(path)}\n    image: ${repository}\n`;
}

function mappingOf({ repository, tag = '', digest }: ImageTarget) {
  return { repository, tag: digest === undefined ? tag : `${tag}@${digest}` };
}

function wholeOf({ repository, tag, digest }: ImageTarget): string {
  return formatReference({ name: repository, tag, digest });
}
