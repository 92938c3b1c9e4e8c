import { posix } from 'node:path';
import { isKustomization } from '../kustomize/kustomization.js';
import { textAt } from '../yaml/values.js';
import type { Carrier } from './carrier.js';
import { overlayNodes } from './file-nodes.js';
import { parseReference, sameRepository } from './image-reference.js';
import type { OverlayFile } from './overlay-file.js';
import type { YamlNode } from './yaml-nodes.js';

/** Where a carrier stands among those that name an image in what kustomize builds. */
type Stand =
  /** An entry of `images` of a kustomization: what it is called in what comes before, and afterwards. */
  | { kind: 'entry'; from: string; to: string; list: string; index: number }
  /** One of an object of Flux or Argo CD that deploys a folder, which is put into the kustomization of the folder. */
  | { kind: 'object-entry'; from: string; to: string; isFlux: boolean; deploys: readonly string[] }
  /** One of a HelmRelease, for what its chart comes to. */
  | { kind: 'renderer' }
  /** A patch in an object that deploys a folder, which is put behind those of the folder. */
  | { kind: 'object-patch'; deploys: readonly string[] }
  /** The image of a container in a manifest or patch, or something that `images` do not reach. */
  | { kind: 'manifest' | 'other' };

/** A carrier of an image with where it stands. */
export interface ImagePlace {
  carrier: Carrier;
  stand: Stand;
}

/** Where the carriers of images stand. */
export function placesOfImages(files: readonly OverlayFile[], carriers: readonly Carrier[]): ImagePlace[] {
  const found = carriers.filter(({ target, blocked }) => target.kind === 'image' && blocked === undefined);
  if (found.length < 2) {
    return [];
  }
  const nodes = new Map(
    files.map((file) => [file.path, found.some((each) => each.file === file.path) ? overlayNodes(file) : []] as const),
  );
  return found.map((carrier) => {
    const file = files.find(({ path }) => path === carrier.file);
    const key = JSON.stringify(carrier.path);
    const node = nodes
      .get(carrier.file)
      ?.find(({ document, path }) => document === carrier.document && JSON.stringify(path) === key);
    return { carrier, stand: node === undefined ? { kind: 'other' } : standOf(file, carrier, node) };
  });
}

function standOf(file: OverlayFile | undefined, carrier: Carrier, node: YamlNode): Stand {
  const { kind, path } = carrier;
  const [root] = node.above;
  const object = (root && textAt(root, 'kind')) ?? '';
  const deploys = file?.deploys ?? [];
  const isFlux = /^kustomize\.toolkit\.fluxcd\.io\//.test((root && textAt(root, 'apiVersion')) ?? '');
  const names = namesOf(kind, node);
  if (names !== undefined && isKustomization(file?.path ?? '') && !isFlux) {
    return { kind: 'entry', ...names, list: JSON.stringify(path.slice(0, -1)), index: Number(path.at(-1)) };
  }
  if (object === 'HelmRelease') {
    return { kind: names !== undefined && path[1] === 'postRenderers' ? 'renderer' : 'other' };
  }
  if (isFlux || object === 'Application' || object === 'ApplicationSet') {
    if (names !== undefined) {
      return { kind: 'object-entry', ...names, isFlux, deploys };
    }
    const isPatch = path.includes('patches') && (isFlux || path.includes('kustomize'));
    return isPatch && isOfContainer(carrier, node) ? { kind: 'object-patch', deploys } : { kind: 'other' };
  }
  return { kind: isOfContainer(carrier, node) ? 'manifest' : 'other' };
}

/**
 * Whether it is the image of a container, which is what `images` reach.
 *
 * @see https://kubectl.docs.kubernetes.io/references/kustomize/builtins/#_imagetagtransformer_
 */
function isOfContainer({ kind, path }: Carrier, { parent }: YamlNode): boolean {
  const written = kind === 'json-patch' && parent !== undefined ? (textAt(parent, 'path') ?? '').split('/') : path;
  return (
    (kind === 'image' || kind === 'json-patch') &&
    written.some((each) => each === 'containers' || each === 'initContainers')
  );
}

/** What an entry of `images` looks for, and what that is called afterwards. */
function namesOf(kind: string, { value }: YamlNode): { from: string; to: string } | undefined {
  if (kind === 'kustomize-image' && value.kind === 'map') {
    const from = plainName(textAt(value, 'name') ?? '');
    return { from, to: plainName(textAt(value, 'newName') || from) };
  }
  if (kind === 'argocd-image' && value.kind === 'text') {
    const equals = value.text.indexOf('=');
    const to = plainName(value.text.slice(equals + 1));
    return { from: equals < 0 ? to : value.text.slice(0, equals), to };
  }
  return undefined;
}

function plainName(text: string): string {
  return parseReference(text)?.name ?? text;
}

/**
 * What is obeyed instead of a carrier in what kustomize builds. Entries of `images` are applied one after the other, each to
 * the names that the earlier ones left, after all patches. Flux replaces the entry of the same name or adds its own behind
 * them; Argo CD does too, but puts them in the order of their names.
 *
 * @see https://github.com/fluxcd/pkg/blob/main/kustomize/kustomize_generator.go
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/kustomize/
 */
export function overriderOfImage(places: readonly ImagePlace[], carrier: Carrier): Carrier | undefined {
  const own = places.find((place) => place.carrier === carrier);
  const over = own === undefined ? [] : places.filter((other) => other !== own && isOver(other, own));
  return (over.find((each) => !over.some((other) => other !== each && isOver(other, each))) ?? over[0])?.carrier;
}

function isOver(one: ImagePlace, other: ImagePlace): boolean {
  const [{ stand: over, carrier }, { stand: under, carrier: below }] = [one, other];
  switch (over.kind) {
    case 'renderer':
      return (
        under.kind !== 'renderer' &&
        isOfImage(other, repositoryOf(one)) &&
        carrier.file === below.file &&
        carrier.document === below.document
      );
    case 'object-entry':
      return isUnderObject(over, other);
    case 'object-patch':
      return under.kind === 'manifest' && isOfImage(other, repositoryOf(one)) && isDeployed(over.deploys, below.file);
    case 'entry':
      return isUnderEntry(one, over, other);
    default:
      return false;
  }
}

function repositoryOf({ carrier: { target } }: ImagePlace): string {
  return target.kind === 'image' ? target.repository : '';
}

/** Whether a place is one of an image, by any of its names. */
function isOfImage(place: ImagePlace, ...names: string[]): boolean {
  return names.some((name) => sameRepository(name, repositoryOf(place)));
}

function isUnderObject(over: Stand & { kind: 'object-entry' }, other: ImagePlace): boolean {
  const { stand: under, carrier } = other;
  switch (under.kind) {
    case 'entry': {
      const isLater = over.isFlux || under.from < over.from;
      return (
        isDeployed(over.deploys, carrier.file) && (over.from === under.from || (isLater && over.from === under.to))
      );
    }
    case 'manifest':
      return isOfImage(other, over.from, over.to) && isDeployed(over.deploys, carrier.file);
    case 'object-patch':
      return isOfImage(other, over.from, over.to) && over.deploys === under.deploys;
    default:
      return false;
  }
}

function isUnderEntry({ carrier }: ImagePlace, over: Stand & { kind: 'entry' }, other: ImagePlace): boolean {
  const { carrier: below, stand: under } = other;
  switch (under.kind) {
    case 'entry':
      if (carrier.file === below.file && over.list === under.list) {
        const takesIt = over.index > under.index && over.from === under.to;
        const leavesNone = over.index < under.index && over.from === under.from && over.to !== under.from;
        return takesIt || leavesNone;
      }
      return isBelow(carrier.file, below.file) && over.from === under.to;
    case 'manifest':
      return isOfImage(other, over.from, over.to);
    case 'object-patch':
      return isOfImage(other, over.from, over.to) && isDeployed(under.deploys, carrier.file);
    default:
      return false;
  }
}

/** Whether a file is in a folder below that of another one. */
function isBelow(file: string, other: string): boolean {
  const [outer, inner] = [posix.dirname(file), posix.dirname(other)];
  return inner !== outer && inner.startsWith(outer === '.' ? '' : `${outer}/`);
}

function isDeployed(deploys: readonly string[], file: string): boolean {
  return deploys.some((path) => path === '' || file === path || file.startsWith(`${path}/`));
}
