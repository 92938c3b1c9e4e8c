import { posix } from 'node:path';
import { isKustomization, type KustomizationFile } from '../kustomize/kustomization.js';
import { isManifestPath } from '../kustomize/manifest-path.js';
import { manifestReferences } from '../kustomize/manifest-references.js';
import { isRemote } from '../kustomize/remote.js';
import { isRegion } from '../overlays/environment-name.js';
import { readValues, textAt } from '../yaml/values.js';
import { type FileWay, fileWays } from './file-apps.js';
import { isGroup } from './folder-words.js';
import type { Sketch } from './sketch.js';
import { bareFiles } from './tag-files.js';

/** What is below the folder of an environment, as the end of a pattern: `/{app}`, `/{app}.yaml`, or nothing. */
export type Below = InCluster | `/*${InCluster}`;

/** The same below the folder of one cluster or region. */
type InCluster = '' | '/{app}' | FileWay | '/values.yaml';

/**
 * Says how apps are kept in the folder of an environment.
 *
 * @returns one end of a pattern for each way that is there; `unread` where a level of clusters or regions is below it whose
 *   folders are not known yet
 * @throws InvalidYaml where its kustomization is not valid YAML
 */
export function belowEnvironment(sketch: Sketch, folder: string): Below[] | 'unread' {
  const takes = takesIn(sketch.kustomization(folder));
  if (takes === 'more') {
    return [''];
  }
  const folders = sketch.folders(folder).filter((name) => !name.startsWith('_'));
  const files = sketch.files(folder).filter((name) => /\.ya?ml$/.test(name) && !isKustomization(name));
  const values: Below[] = files.includes('values.yaml') ? ['/values.yaml'] : [];
  if (folders.length === 0) {
    const ways = fileWays(files);
    const ofFiles: Below[] = ways.length === 0 && bareFiles(sketch, folder).length > 0 ? ['/{app}'] : ways;
    const alone: Below[] = values.length > 0 ? values : ofFiles;
    return takes === undefined ? alone : takes === 'folders' ? ['/{app}'] : [];
  }
  const inside = folders.map((name) => posix.join(folder, name));
  const known = inside.filter((each) => sketch.isKnown(each));
  const isLevel = known.length > 0 && known.every((each) => sketch.files(each).length === 0 && isFilled(sketch, each));
  if (isLevel || folders.every(isRegion) || folders.every(isGroup)) {
    return known.length === 0 ? 'unread' : [...values, ...belowRegions(sketch, known)];
  }
  return [...values, '/{app}'];
}

function isFilled(sketch: Sketch, folder: string): boolean {
  return sketch.folders(folder).length > 0;
}

function belowRegions(sketch: Sketch, regions: readonly string[]): Below[] {
  const ways = regions.flatMap((region): Below[] => {
    const takes = takesIn(sketch.kustomization(region));
    if (takes !== undefined || isFilled(sketch, region)) {
      return takes === 'folders' || takes === undefined ? ['/*/{app}'] : ['/*'];
    }
    const files = sketch.files(region).filter((name) => /\.ya?ml$/.test(name));
    const ofFiles = files.includes('values.yaml') ? (['/values.yaml'] as const) : fileWays(files);
    return ofFiles.length === 0 ? ['/*'] : ofFiles.map((way): Below => `/*${way}`);
  });
  return [...new Set(ways)];
}

/** The way without the level of clusters or regions. */
export function withoutLevel(way: Below): string {
  return way.replace(/^\/\*/, '');
}

/** Keys of a kustomization that set no version and no setting of an app. */
const HARMLESS = new Set(
  (
    'apiVersion kind metadata resources namespace namePrefix nameSuffix labels commonLabels commonAnnotations ' +
    'configMapGenerator secretGenerator generatorOptions buildMetadata sortOptions'
  ).split(' '),
);

/** Whether a kustomization is a kustomize Component, which environments take in and which is none itself. */
export function isComponent(kustomization: KustomizationFile | undefined): boolean {
  const [root] = kustomization === undefined ? [] : readValues(kustomization.text, kustomization.path);
  return root?.kind === 'map' && textAt(root, 'kind') === 'Component';
}

/** Whether a kustomization takes in folders beside it, each with a kustomization of its own. */
export function gathersFolders(kustomization: KustomizationFile | undefined): boolean {
  return takesIn(kustomization) === 'folders';
}

/**
 * What a kustomization takes in: only folders beside it, which have kustomizations of their own; nothing; or more, such as a
 * base, images or patches. `undefined` for none.
 */
function takesIn(kustomization: KustomizationFile | undefined): 'folders' | 'nothing' | 'more' | undefined {
  if (kustomization === undefined) {
    return undefined;
  }
  const [root] = readValues(kustomization.text, kustomization.path);
  const keys = root?.kind === 'map' ? [...root.entries.keys()] : [];
  const references = manifestReferences(kustomization.text, kustomization.path);
  const isInside = (reference: string) => !isRemote(reference) && !/(^|\/)\.\.(\/|$)/.test(reference);
  if (keys.some((key) => !HARMLESS.has(key)) || !references.every(isInside)) {
    return 'more';
  }
  if (references.length === 0) {
    return 'nothing';
  }
  return references.some((reference) => !isManifestPath(reference)) ? 'folders' : 'more';
}
