import { posix } from 'node:path';
import { imageNames } from '../kustomize/image-names.js';
import { isKustomization, type KustomizationFile } from '../kustomize/kustomization.js';
import { manifestReferences } from '../kustomize/manifest-references.js';
import { isRemote } from '../kustomize/remote.js';
import { isRegion } from './environment-name.js';
import type { Sketch } from './sketch.js';

/** What is below the folder of an environment, as the end of a pattern: `/{app}`, `/{app}.yaml`, or nothing. */
export type Below = '' | '/{app}' | '/{app}.yaml' | '/values.yaml' | '/*' | '/*/{app}';

/**
 * Says how apps are kept in the folder of an environment.
 *
 * @returns one end of a pattern for each way that is there; `unread` where a level of clusters or regions is below it whose
 *   folders are not known yet
 * @throws InvalidYaml where its kustomization is not valid YAML
 */
export function belowEnvironment(sketch: Sketch, folder: string): Below[] | 'unread' {
  const kustomization = sketch.kustomization(folder);
  if (kustomization !== undefined) {
    return [takesFoldersOnly(kustomization, folder, sketch) ? '/{app}' : ''];
  }
  const folders = sketch.folders(folder).filter((name) => !name.startsWith('_'));
  const files = sketch.files(folder).filter((name) => /\.ya?ml$/.test(name) && !isKustomization(name));
  const values: Below[] = files.includes('values.yaml') ? ['/values.yaml'] : [];
  if (folders.length === 0) {
    return values.length > 0 || files.length === 0 ? values : ['/{app}.yaml'];
  }
  const inside = folders.map((name) => posix.join(folder, name));
  const known = inside.filter((each) => sketch.isKnown(each));
  const isLevel = known.length > 0 && known.every((each) => sketch.files(each).length === 0 && isFilled(sketch, each));
  if (isLevel || folders.every(isRegion)) {
    return known.length === 0 ? 'unread' : [...values, ...belowRegions(sketch, known)];
  }
  return [...values, '/{app}'];
}

function isFilled(sketch: Sketch, folder: string): boolean {
  return sketch.folders(folder).length > 0;
}

function belowRegions(sketch: Sketch, regions: readonly string[]): Below[] {
  const ways = regions.map((region): Below => {
    const kustomization = sketch.kustomization(region);
    const isOwn =
      kustomization === undefined ? isFilled(sketch, region) : takesFoldersOnly(kustomization, region, sketch);
    return isOwn ? '/*/{app}' : '/*';
  });
  return [...new Set(ways)];
}

/** Whether a kustomization only gathers the folders of apps beside it, which are built by themselves or with it. */
function takesFoldersOnly({ text, path }: KustomizationFile, folder: string, sketch: Sketch): boolean {
  const references = manifestReferences(text, path);
  const isLocal = (reference: string) =>
    !isRemote(reference) &&
    !posix.join(folder, reference).replace(/^\/+/, '').startsWith('..') &&
    !/(^|\/)\.\.(\/|$)/.test(reference);
  const folders = references.filter((reference) => !/\.(ya?ml|json)$/.test(reference));
  const known = sketch.isKnown(folder) ? sketch.folders(folder) : undefined;
  const isThere = (reference: string) =>
    known === undefined || known.includes(posix.normalize(reference).replace(/\/$/, ''));
  return (
    folders.length > 0 && imageNames(text, path).length === 0 && references.every(isLocal) && folders.every(isThere)
  );
}
