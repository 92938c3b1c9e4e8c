import { posix } from 'node:path';
import { isImageOf } from '../carriers/app-of-image.js';
import { deployedIn } from '../carriers/deployed.js';
import { RECONCILERS } from '../reconcilers/all.js';
import type { DeployedFolder } from '../reconcilers/deployed-folder.js';
import { textsIn } from '../reconcilers/deployed-folder.js';
import { hasShape, mapAt, nameOf } from '../reconcilers/fields.js';
import type { Reconciler } from '../reconcilers/reconciler.js';
import { NAME_PATTERN } from '../tree/name.js';
import type { MapValue } from '../yaml/values.js';
import { appOf, type Deployment, type EnvironmentNames, foldersIn, hostsOf } from './deployments.js';
import { type Clues, environmentOf } from './object-environment.js';
import type { ObjectFile, ObjectFiles } from './object-files.js';

/**
 * Files of objects that carry versions of what they deploy, such as the `images` of a Flux Kustomization or of an
 * Application, and Helm values: each belongs to the environment that its objects deploy into. A file with objects of several
 * environments is left out, because a version in it would be set for all of them.
 *
 * @param isHere whether a folder is in this repository: its revision is then no version of an app
 */
export function objectCarriers(
  found: ObjectFiles,
  names: EnvironmentNames,
  isHere: (folder: string) => boolean,
): Deployment[] {
  const { files } = found;
  const all = files.flatMap(({ objects }) => objects);
  const hosts = hostsOf(foldersIn(found), names);
  return files.flatMap((file): Deployment[] => {
    const isHosted = hosts.has(posix.dirname(file.path));
    const images = carriedIn(file, isHere);
    const told =
      images.length === 0
        ? []
        : file.objects.flatMap((object) => toldBy({ file: file.path, isHosted }, object, all, names));
    const [first, ...others] = told;
    const environment = first?.environment;
    if (environment === undefined || others.some((other) => other.environment !== environment)) {
      return [];
    }
    const named = told.find(({ app }) => images.some((image) => isImageOf(image, app)))?.app;
    const ofImages = named ?? rootOf(images);
    const app = ofImages || (others.length === 0 ? (first?.app ?? '') : '');
    const isByName = ofImages === '';
    return NAME_PATTERN.test(app) ? [{ environment, path: file.path, app, file: file.path, isByName }] : [];
  });
}

/**
 * Names of the images whose versions a file carries, of the repositories whose bases, without what is above them, and of
 * the releases whose charts.
 */
function carriedIn({ path, text }: ObjectFile, isHere: (folder: string) => boolean): string[] {
  const { targets, pinned } = deployedIn([{ path, text }], '');
  const foreign = targets.filter((target) => target.kind !== 'base' || !isHere(target.appPath));
  const repositories = [
    ...foreign.map((target) => (target.kind === 'chart' ? (target.release ?? target.name) : target.repository)),
    ...pinned.map(({ repository }) => repository),
  ];
  return [...new Set(repositories.map((repository) => repository.split('/').at(-1) ?? ''))];
}

/** The image that all others are parts of by their names; empty for none. */
function rootOf(images: readonly string[]): string {
  return images.find((image) => images.every((other) => isImageOf(other, image))) ?? '';
}

/** Into which environments an object deploys, as far as that is told, and what it calls it; none for another object. */
function toldBy(
  place: Pick<Clues, 'file' | 'isHosted'>,
  object: MapValue,
  all: readonly MapValue[],
  names: EnvironmentNames,
): { environment: string | undefined; app: string }[] {
  const reconciler = RECONCILERS.find(({ kinds }: Reconciler) => kinds.some((kind) => hasShape(object, kind)));
  if (reconciler === undefined) {
    return [];
  }
  const own = { path: '', name: nameOf(object) ?? '', words: wordsOf(object) };
  const folders: Pick<DeployedFolder, 'path' | 'name' | 'words'>[] = reconciler.foldersOf(object, all);
  return (folders.length === 0 ? [own] : folders).map((folder) => {
    const environment = environmentOf({ ...place, ...folder }, names.declared, names.shaped(folder.path));
    return { environment, app: environment === undefined ? '' : appOf(folder.name, environment, names) };
  });
}

function wordsOf(object: MapValue): string[] {
  return [...textsIn(mapAt(object, 'metadata', 'labels')), ...textsIn(mapAt(object, 'spec', 'destination'))];
}
