import type { ImageTarget } from '../carriers/carrier.js';
import { variantOf } from '../carriers/families.js';
import { overlayNodes } from '../carriers/file-nodes.js';
import { everyCarrier } from '../carriers/find-carriers.js';
import type { ImageReference } from '../carriers/image-reference.js';
import { objectName } from '../carriers/named-value.js';
import type { OverlayFile } from '../carriers/overlay-file.js';
import { isVariable } from '../carriers/variables.js';
import { isKustomization } from '../kustomize/kustomization.js';
import type { LayerNode, Place } from '../kustomize/layers/layer-node.js';
import { currentId, type LayerObject } from '../kustomize/layers/layer-object.js';
import type { YamlPath } from '../yaml/path.js';
import { toYaml } from '../yaml/to-yaml.js';

/** Objects that give values to a chart. */
const WITH_VALUES = new Set(['HelmRelease', 'Application']);

/** An object that gives values to a chart, as all layers of a kustomization make it. */
export interface BuiltObject {
  object: LayerObject;
  /** As a file of an overlay. */
  file: OverlayFile;
}

/** The objects that give values to charts, of those that the layers make. */
export function builtObjects(others: readonly LayerObject[]): BuiltObject[] {
  return others
    .filter(({ kind }) => WITH_VALUES.has(kind))
    .map((object, index) => ({
      object,
      file: { path: `built/${index}/${object.kind}.yaml`, text: toYaml(plain(object.root)) },
    }));
}

function plain(node: LayerNode): unknown {
  switch (node.kind) {
    case 'text':
      return node.text;
    case 'list':
      return node.items.map(plain);
    case 'map':
      return Object.fromEntries([...node.entries].map(([key, value]) => [key, plain(value)]));
  }
}

/** The files of an overlay with objects as they are built, in the place of the documents that are a part of these. */
export function withBuilt(files: readonly OverlayFile[], built: readonly BuiltObject[]): OverlayFile[] {
  const names = new Set(built.flatMap(({ object: { kind, ids } }) => ids.map(({ name }) => `${kind}/${name}`)));
  const rest = files.map((file): OverlayFile => {
    const isPlain = names.size > 0 && !isKustomization(file.path) && file.onlyNamed !== true;
    const roots = isPlain ? overlayNodes(file).filter(({ path }) => path.length === 0) : [];
    const others = roots.filter((root) => !names.has(objectName(root)));
    return others.length === roots.length ? file : { ...file, documents: others.map(({ document }) => document) };
  });
  return [...built.map(({ file }) => file), ...rest];
}

/** A value of a chart that is another version than it is to be. */
export interface BehindValue {
  /** `HelmRelease web` */
  object: string;
  current: Pick<ImageReference, 'tag' | 'digest'>;
  place: Place;
}

/**
 * The values of charts that would be another version of an image than a target, although the files say it: something that
 * kustomize applies later says another one.
 *
 * @param files of the app in the environment, as they are planned to be
 * @param isThere whether a version is the target's
 */
export function valuesBehind(
  built: readonly BuiltObject[],
  files: readonly OverlayFile[],
  target: ImageTarget,
  isThere: (current: Pick<ImageReference, 'tag' | 'digest'>) => boolean,
): BehindValue[] {
  const all = built.length === 0 ? [] : everyCarrier(withBuilt(files, built), [target]);
  const found = all.flatMap((carrier) => {
    const { certain, overriddenBy, current } = carrier;
    const of = built.find(({ file }) => file.path === carrier.file);
    const isSaid = (current.tag ?? current.digest) !== undefined && !isVariable(current.tag);
    return of === undefined || !certain || overriddenBy !== undefined || !isSaid
      ? []
      : [{ carrier, object: of.object }];
  });
  const isMet = found.some(({ carrier: { current } }) => isThere(reference(current)));
  const isOther = (tag = '') => target.tag !== undefined && variantOf(tag) !== variantOf(target.tag);
  return found
    .filter(({ carrier: { current } }) => !isThere(reference(current)) && !(isMet && isOther(current.tag)))
    .map(({ carrier, object }) => ({
      object: `${object.kind} ${currentId(object).name}`,
      current: reference(carrier.current),
      place: placeOf(object, carrier.edits[0]?.path ?? carrier.path),
    }));
}

function reference({ tag, digest }: { tag?: string | undefined; digest?: string | undefined }) {
  return { ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) };
}

/** Where a value of an object is written, as near as that is known. */
function placeOf({ root, file }: LayerObject, path: YamlPath): Place {
  let node: LayerNode | undefined = root;
  let place: Place = { file, line: 1 };
  for (const segment of path) {
    if (node?.kind === 'map' && typeof segment === 'string') {
      node = node.entries.get(segment);
    } else if (node?.kind === 'list' && typeof segment === 'number') {
      node = node.items[segment];
    } else {
      break;
    }
    place = node?.kind === 'text' ? node.place : place;
  }
  return place;
}
